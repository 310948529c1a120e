/// Which topologies are really gone. A value: no I/O, no clock.
///
/// A topology whose assignment disappears was killed, and its workers stop. But when a whole ZooKeeper tree is being
/// deleted, topology by topology, that looks the same for a moment; and nobody meant to stop the workers. So what
/// disappears counts only after it has been missing for ``settle``, with the parents in place all the time.
package struct RemovalWatch: Hashable, Sendable {
    package let settle: Duration
    private var missingSince: [String: Duration] = [:]

    package init(settle: Duration) { self.settle = settle }

    /// - Parameters:
    ///   - missing: topologies with workers here that the store does not have any more.
    ///   - now: on a clock that never goes back.
    /// - Returns: those that still count as there, and when to look again.
    package mutating func look(missing: Set<String>, now: Duration) -> (kept: Set<String>, lookAgainAt: Duration?) {
        missingSince = missingSince.filter { missing.contains($0.key) }
        for topology in missing where missingSince[topology] == nil { missingSince[topology] = now }
        let kept = missingSince.filter { now - $0.value < settle }
        return (Set(kept.keys), kept.values.min().map { $0 + settle })
    }

    /// The parents are missing too: nothing is known.
    package mutating func forget() { missingSince = [:] }
}
