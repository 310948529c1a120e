/// Workers that were lost, for one spout task. A tree may have been lost with a worker that had confirmed its tuples, so
/// that nobody else knows: all trees emitted before the loss are suspect, and those that are still pending after a grace
/// have failed. Pure.
///
/// ```
/// ── emitted ──┬─ worker lost ───────── grace ───────┬→ what is still pending of "emitted" fails
/// ```
struct SuspectTrees: Equatable {
    struct Loss: Equatable {
        /// Trees emitted at this time or before are suspect. Monotonic nanoseconds, as `due`.
        var before: Int64
        /// When those still pending fail.
        var due: Int64
        var place: TaskPlace?
    }

    /// Losses that are told apart; more are taken for one.
    static let lossesMax = 16
    /// The shortest time that a tree gets after the loss was noticed.
    static let graceMinNanoseconds: Int64 = 300_000_000

    /// By `due`.
    private(set) var losses: [Loss] = []

    var nextDue: Int64 { losses.first?.due ?? .max }

    /// - Parameters:
    ///   - latency: what nearly all trees take, in nanoseconds.
    ///   - timeout: when they would fail anyway.
    mutating func add(before: Int64, now: Int64, latency: Int64, timeout: Int64, place: TaskPlace?) {
        let least = min(Self.graceMinNanoseconds, timeout)
        // From the loss on trees had the time they need; since it was noticed, at least what the rest of them needs.
        let own = before + max(least, min(latency.multipliedReportingOverflow(by: 2).partialValue, timeout))
        var loss = Loss(before: before, due: max(now + least, own), place: place)
        if losses.count == Self.lossesMax, let last = losses.popLast() {
            loss.before = max(loss.before, last.before)
            loss.due = max(loss.due, last.due)
        }
        losses.append(loss)
        losses.sort { $0.due < $1.due }
    }

    /// The next loss whose grace is over; it is forgotten here.
    mutating func takeDue(now: Int64) -> Loss? {
        guard let first = losses.first, first.due <= now else { return nil }
        return losses.removeFirst()
    }
}
