/// For how long something has been the case, all in all. Nanoseconds of any clock.
struct WaitingTime {
    private var total: Int64 = 0
    private var since: Int64?

    mutating func set(_ isWaiting: Bool, now: Int64) {
        if isWaiting {
            since = since ?? now
        } else if let start = since {
            total += max(0, now - start)
            since = nil
        }
    }

    /// With what is going on now.
    func nanoseconds(now: Int64) -> Int64 { total + (since.map { max(0, now - $0) } ?? 0) }
}
