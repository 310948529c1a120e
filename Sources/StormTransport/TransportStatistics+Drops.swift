import StormRuntime

extension TransportStatistics {
    /// What the transport threw away, by `DropReason`; without those that are 0.
    package var dropped: [String: Int] {
        let all: [(DropReason, Int)] = [
            (.connectionLost, tuplesLost - tuplesTooLong), (.tooLong, tuplesTooLong), (.noPlace, tuplesDropped),
            (.malformedFrame, badFrames),
        ]
        return all.reduce(into: [:]) { if $1.1 > 0 { $0[$1.0.rawValue] = $1.1 } }
    }
}
