/// Trees that timed out and whose acker was asked where they were last seen; without an answer they fail all the same. Pure.
struct AbandonedTrees {
    /// How long an acker has for its answer.
    static let patienceNanoseconds: Int64 = 250_000_000

    private var waiting: [(root: UInt64, due: Int64)] = []
    private var head = 0

    var nextDue: Int64 { head < waiting.count ? waiting[head].due : .max }

    mutating func add(_ root: UInt64, now: Int64) { waiting.append((root, now + Self.patienceNanoseconds)) }

    /// - Returns: the next one whose acker has had its time; it may have ended since. Amortized O(1).
    mutating func takeDue(now: Int64) -> UInt64? {
        guard head < waiting.count, waiting[head].due <= now else { return nil }
        let root = waiting[head].root
        head += 1
        if head == waiting.count {
            waiting = []
            head = 0
        } else if head > 1024, head * 2 > waiting.count {
            waiting.removeSubrange(..<head)
            head = 0
        }
        return root
    }
}
