/// Judges a move by what it brought: tuples per second of the whole worker before and after. Pure.
///
/// Busy loops do not tell whether a second one helps: cores may be taken by other processes, and a chain of cheap bolts
/// can lose more by the hop than it gains by the second core.
struct MoveTrial: Sendable {
    enum Verdict: Equatable, Sendable {
        case pending
        case keep
        case revert
    }

    /// What a move has to bring, as a factor of the rate before.
    static let leastGain = 1.1
    /// Time for queues to settle after the move, then the time that is measured.
    static let settleNanoseconds: Int64 = 100_000_000
    static let measureNanoseconds: Int64 = 400_000_000
    /// How long an executor stays after its `failures`-th move that brought nothing: 10 s, 20 s, … up to 320 s.
    static func holdNanoseconds(afterFailures failures: Int) -> Int64 {
        10_000_000_000 << Int64(max(0, min(5, failures - 1)))
    }

    private let rateBefore: Double
    private let movedAt: Int64
    private var mark: (work: Int64, time: Int64)?

    /// - Parameter rateBefore: tuples per nanosecond; 0 when nothing is known, then the move is kept.
    init(rateBefore: Double, movedAt: Int64) {
        self.rateBefore = rateBefore
        self.movedAt = movedAt
    }

    /// Takes in how much work the worker has done so far.
    mutating func observe(work: Int64, now: Int64) -> Verdict {
        guard now >= movedAt + Self.settleNanoseconds else { return .pending }
        guard let mark else {
            mark = (work, now)
            return .pending
        }
        let elapsed = now - mark.time
        guard elapsed >= Self.measureNanoseconds else { return .pending }
        return Double(work - mark.work) >= rateBefore * Self.leastGain * Double(elapsed) ? .keep : .revert
    }
}
