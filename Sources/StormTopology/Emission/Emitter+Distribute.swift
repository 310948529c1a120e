public import StormCore
import StormWire

extension Emitter {
    /// Copies the encoded tuple at `p` to all targets of its stream, each copy with its own edges.
    ///
    /// - Parameters:
    ///   - anchors: tuples that this one is anchored to.
    ///   - tracked: whether its one anchor is a new tree of a spout.
    ///   - only: the task that a direct emit names.
    /// - Returns: XOR of the edges of all copies of a tracked tuple.
    @usableFromInline
    package func distribute(
        _ route: UnsafeMutablePointer<StreamRoute>, _ p: UnsafeMutableRawPointer, _ bytes: Int,
        anchors: UnsafeBufferPointer<Tuple>, tracked: Bool, only: TaskID? = nil
    ) -> UInt64 {
        var copies = Copies(p, bytes, anchors: anchors, isTracked: tracked)
        route.pointee.unplaced &+= 1
        if let only {
            direct(route, only, &copies)
        } else {
            for number in 0..<Int(route.pointee.groupCount) { choose(route, number, &copies) }
            // Fast emits share the turn.
            if route.pointee.kind == .turn {
                route.pointee.box = route.pointee.groups.pointee.targets[route.pointee.groups.pointee.next]
            }
        }
        route.pointee.copies &+= copies.count
        if keepsTargets { targets = reached.map { destinations[$0 - state.pointee.outboxes] } }
        if state.pointee.hasHooks { tellHooks(route - state.pointee.routes, copies) }
        if keepsTargets { reached.removeAll(keepingCapacity: true) }
        return copies.sum
    }

    /// A tuple in the scratch buffer, and what its copies have in common.
    private struct Copies {
        let p: UnsafeMutableRawPointer
        let bytes: Int
        let anchorCount: Int
        let anchors: UnsafeBufferPointer<Tuple>
        let isTracked: Bool
        /// There is one anchor, and the tuple's entries are for the same roots in the same order.
        let isChildOfOne: Bool
        /// XOR of the edges of tracked copies.
        var sum: UInt64 = 0
        /// Copies made.
        var count = 0

        init(
            _ p: UnsafeMutableRawPointer, _ bytes: Int, anchors: UnsafeBufferPointer<Tuple>, isTracked: Bool
        ) {
            self.p = p
            self.bytes = bytes
            self.anchors = anchors
            self.isTracked = isTracked
            anchorCount = Int(p.reading.u16(6))
            // As many entries as the anchor has: none was left out for naming a root twice.
            isChildOfOne = anchors.count == 1 && anchors[0].anchorCount == anchorCount
        }

        var fields: UnsafeRawPointer {
            UnsafeRawPointer(p) + BatchLayout.tupleHeaderBytes + anchorCount * BatchLayout.anchorBytes
        }
    }

    /// Copies to the targets that one subscription chooses.
    private func choose(_ route: UnsafeMutablePointer<StreamRoute>, _ number: Int, _ copies: inout Copies) {
        let group = route.pointee.groups + number
        switch group.pointee.mode {
        case .turn:
            var box = group.pointee.targets[group.pointee.next]
            if box.pointee.limit - box.pointee.cursor < copies.bytes { box = makeRoom(inTurn: group, copies.bytes) }
            copy(&copies, to: box)
            _ = group.pointee.passTurn()
        case .all:
            for position in 0..<group.pointee.targetCount { copy(&copies, to: group.pointee.targets[position]) }
        case .fields, .partialKey:
            copy(&copies, to: group.pointee.target(hash: group.pointee.hash(copies.fields)))
        case .direct, .custom:
            chooseByCode(subscriptions[route - state.pointee.routes][number], &copies)
        }
    }

    private func copy(_ copies: inout Copies, to box: UnsafeMutablePointer<Outbox>) {
        let bytes = copies.bytes
        if box.pointee.limit - box.pointee.cursor < bytes { openBatch(box, bytes) }
        if copies.anchorCount > 0 { addEdges(&copies) }
        box.pointee.cursor.copyMemory(from: copies.p, byteCount: bytes)
        box.pointee.cursor += bytes
        box.pointee.count &+= 1
        copies.count &+= 1
        if state.pointee.hasHooks || keepsTargets { reached.append(box) }
    }

    // MARK: Edges

    /// Gives the next copy its edges.
    private func addEdges(_ copies: inout Copies) {
        let entries = copies.p + BatchLayout.tupleHeaderBytes
        if copies.isTracked {
            let edge = state.pointee.newEdge()
            entries.put(edge, 8)
            copies.sum ^= edge
        } else if copies.isChildOfOne {
            let edge = state.pointee.newEdge()
            var own = entries
            var theirs = copies.anchors[0].anchor(0)
            for _ in 0..<copies.anchorCount {
                own.put(edge, 8)
                theirs.put(theirs.reading.u64(8) ^ edge, 8)
                own += BatchLayout.anchorBytes
                theirs += BatchLayout.anchorBytes
            }
        } else {
            addEdges(entries, copies.anchorCount, copies.anchors)
        }
    }

    /// A new edge per anchor tuple, XORed into the entry of every root of that tuple, and into the tuple itself: so each
    /// root cancels on its own, whatever roots the anchors share.
    private func addEdges(_ entries: UnsafeMutableRawPointer, _ count: Int, _ anchors: UnsafeBufferPointer<Tuple>) {
        for position in 0..<count { entries.put(UInt64(0), position * BatchLayout.anchorBytes + 8) }
        for anchor in anchors {
            let edge = state.pointee.newEdge()
            for number in 0..<anchor.anchorCount {
                let entry = anchor.anchor(number)
                entry.put(entry.reading.u64(8) ^ edge, 8)
                let root = entry.reading.u64(0)
                for position in 0..<count {
                    let own = entries + position * BatchLayout.anchorBytes
                    if own.reading.u64(0) == root { own.put(own.reading.u64(8) ^ edge, 8) }
                }
            }
        }
    }

    // MARK: Not fast

    /// To the task that a direct emit names, if it subscribes.
    private func direct(_ route: UnsafeMutablePointer<StreamRoute>, _ task: TaskID, _ copies: inout Copies) {
        let index = route - state.pointee.routes
        var isHeard = false
        for subscription in subscriptions[index] {
            guard case .direct = subscription.mode else {
                return refuse(
                    "component '\(component)': emitDirect on stream '\(streams[index].id)', which is not declared direct",
                    anchors: copies.anchors)
            }
            if let position = subscription.tasks.firstIndex(of: task) {
                copy(&copies, to: state.pointee.outboxes + Int(subscription.targets[position]))
                isHeard = true
            }
        }
        if !isHeard { drops?.countMisdirected() }
    }

    private func chooseByCode(_ subscription: Subscription, _ copies: inout Copies) {
        guard case .custom(let grouping) = subscription.mode else {
            return refuse(
                "component '\(component)' emitted without naming a task on a direct stream; use emitDirect "
                    + "(subscribers: \(subscription.tasks))", anchors: copies.anchors)
        }
        for task in grouping.choose(values(copies)) {
            guard let position = subscription.tasks.firstIndex(of: task) else {
                refuse(
                    "component '\(component)': a custom grouping chose task \(task), which is none of its targets "
                        + "\(subscription.tasks)", anchors: copies.anchors)
                continue
            }
            copy(&copies, to: state.pointee.outboxes + Int(subscription.targets[position]))
        }
    }

    private func values(_ copies: Copies) -> [Value] {
        var next = copies.fields
        return (0..<Int(copies.p.reading.u8(8))).map { _ in
            defer { next += FieldReader.byteCount(at: next) }
            return Value(at: next)
        }
    }

    private func tellHooks(_ index: Int, _ copies: Copies) {
        let tasks = reached.map { destinations[$0 - state.pointee.outboxes] }
        reached.removeAll(keepingCapacity: true)
        if tap != nil, state.pointee.routes[index].groupCount == 0 { showTap(unheard: copies.p) }
        guard !hooks.isEmpty else { return }
        let values = values(copies)
        for hook in hooks { hook.emitted(values, stream: streams[index].id, to: tasks) }
    }
}
