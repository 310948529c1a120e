/// How fast a stream is read at most: whoever writes faster has to wait. A value without I/O; times are given.
struct ReadBudget {
    private static let second: Int64 = 1_000_000_000

    let bytesPerSecond: Int
    private var windowStart: Int64 = 0
    private var taken = 0

    init(bytesPerSecond: Int) { self.bytesPerSecond = bytesPerSecond }

    /// Notes that so much was read at `now`, in nanoseconds.
    mutating func take(_ bytes: Int, now: Int64) {
        if now - windowStart >= Self.second {
            windowStart = now
            taken = 0
        }
        taken += bytes
    }

    /// When reading may go on; nil: now.
    func opens(now: Int64) -> Int64? {
        taken >= bytesPerSecond && now - windowStart < Self.second ? windowStart + Self.second : nil
    }
}
