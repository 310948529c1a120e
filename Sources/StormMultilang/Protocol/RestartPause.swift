/// How long to wait before a child that ended is started again: 0.1 s, doubling up to 30 s; a child that lived for a
/// minute is forgiven.
struct RestartPause {
    static let first: Int64 = 100_000_000
    static let longest: Int64 = 30_000_000_000
    static let forgivenAfter: Int64 = 60_000_000_000

    private var failures: Int64 = 0

    /// - Parameter lived: nanoseconds between the child's start and its end.
    mutating func next(lived: Int64) -> Int64 {
        if lived >= Self.forgivenAfter { failures = 0 }
        defer { failures += 1 }
        return failures >= 9 ? Self.longest : min(Self.longest, Self.first << failures)
    }
}
