import StormCore

// Load-aware turns (Storm's LoadAwareShuffleGrouping): the load of a target is what is under way to it, known without a
// message, and looked at when a batch is full, so that a tuple's turn costs the same as without.
extension Emitter {
    /// Makes room for a tuple where the route's next one goes; may choose another target. Per batch.
    @usableFromInline
    func makeRoom(_ route: UnsafeMutablePointer<StreamRoute>, _ bytes: Int) {
        if route.pointee.kind == .turn {
            route.pointee.box = makeRoom(inTurn: route.pointee.groups, bytes)
        } else {
            openBatch(route.pointee.box, bytes)
        }
    }

    /// Makes room in the target whose turn it is, or passes it over if it has much under way and another has not. Only
    /// when all are out of credit the task is asked to stop.
    ///
    /// Each target passed over is looked at again after a few batches. O(targets) at most, O(1) while none is loaded.
    /// - Returns: the outbox with room, whose turn it is now.
    func makeRoom(inTurn group: UnsafeMutablePointer<TargetGroup>, _ bytes: Int) -> UnsafeMutablePointer<Outbox> {
        guard group.pointee.isLoadAware else {
            let box = group.pointee.targets[group.pointee.next]
            openBatch(box, bytes)
            return box
        }
        lookAgain(group)
        while group.pointee.count > 0 {
            let box = group.pointee.targets[group.pointee.next]
            if box.pointee.limit - box.pointee.cursor >= bytes { return box }
            // It is full: what it holds counts as load.
            sendBatch(box)
            if isFit(box, group) {
                replaceBatch(box, bytes)
                return box
            }
            group.pointee.passOver()
        }
        restart(group)
        let box = group.pointee.targets[0]
        if box.pointee.limit - box.pointee.cursor < bytes { replaceBatch(box, bytes) }
        return box
    }

    /// Whether a target may stay in the turn. Ends the strain when it has little under way.
    private func isFit(_ box: UnsafeMutablePointer<Outbox>, _ group: UnsafeMutablePointer<TargetGroup>) -> Bool {
        let edge = edges[box - state.pointee.outboxes]
        if !edge.isCongested {
            group.pointee.isStrained = false
            return true
        }
        return group.pointee.isStrained && !edge.isOutOfCredit
    }

    /// Takes one of the targets passed over back if its load is gone.
    private func lookAgain(_ group: UnsafeMutablePointer<TargetGroup>) {
        guard let position = group.pointee.lookAtPassedOver() else { return }
        if isFit(group.pointee.targets[position], group) { group.pointee.takeBack(position) }
    }

    /// Fills an empty turn: with the targets that have little under way, else those with credit, else all.
    private func restart(_ group: UnsafeMutablePointer<TargetGroup>) {
        let outboxes = state.pointee.outboxes
        group.pointee.isStrained = !group.pointee.restart { !edges[$0 - outboxes].isCongested }
        guard group.pointee.isStrained else { return }
        if group.pointee.restart({ !edges[$0 - outboxes].isOutOfCredit }) { return }
        _ = group.pointee.restart { _ in true }
        state.pointee.mustStop = true
        waits.add(group)
    }

    // MARK: Waiting for credit

    /// Whether the task still has to wait for credit, after `mustStop`; then its executor is notified when some returns.
    ///
    /// It waits for every edge that it had no choice about, and for one edge of each turn. O(edges that it waits for).
    package func awaitsCredit() -> Bool {
        let outboxes = state.pointee.outboxes
        return waits.stillWaits {
            edges[$0].awaitCredit()
        } forAll: { group in
            (0..<group.pointee.targetCount).allSatisfy {
                edges[group.pointee.targets[$0] - outboxes].awaitCredit()
            }
        }
    }
}

/// What a task without credit waits for. Bounded: each outbox and each group is named once.
struct CreditWaits {
    private var outboxes: [Int] = []
    private var groups: [UnsafeMutablePointer<TargetGroup>] = []

    /// There was no other target. O(outboxes named).
    mutating func add(outbox: Int) {
        if !outboxes.contains(outbox) { outboxes.append(outbox) }
    }

    /// Any one of its targets will do.
    mutating func add(_ group: UnsafeMutablePointer<TargetGroup>) {
        guard !group.pointee.isWaiting else { return }
        group.pointee.isWaiting = true
        groups.append(group)
    }

    /// Keeps what still has no credit. - Returns: whether there is any.
    mutating func stillWaits(
        for one: (Int) -> Bool, forAll: (UnsafeMutablePointer<TargetGroup>) -> Bool
    ) -> Bool {
        outboxes.removeAll { !one($0) }
        groups.removeAll { group in
            group.pointee.isWaiting = forAll(group)
            return !group.pointee.isWaiting
        }
        return !outboxes.isEmpty || !groups.isEmpty
    }

    /// The groups' memory goes.
    mutating func forgetGroups() { groups.removeAll() }
}
