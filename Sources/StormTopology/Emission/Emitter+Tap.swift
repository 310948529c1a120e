import StormCore
import StormWire

extension Emitter {
    /// Shows what this task emits to `tap`, until that has seen enough or nil is set. Of each tuple one copy is shown: the
    /// first subscriber's; tuples of streams that nobody subscribes to are encoded only for the tap. On the executor.
    package func setTap(_ tap: (any TupleTap)?) {
        self.tap = tap
        tappedOutboxes = tap.map { tap in streams.indices.map { tap.wants(stream: number($0)) ? shown($0) : [] } } ?? []
        tapsUnheard = false
        for index in streams.indices where state.pointee.routes[index].groupCount == 0 {
            if let tap, tap.wants(stream: number(index)) {
                state.pointee.routes[index].kind = .general
                // Such a tuple ends where hooks are told.
                tapsUnheard = true
            } else {
                resolveRoute(index)
            }
        }
        state.pointee.hasHooks = !hooks.isEmpty || tapsUnheard
    }

    private func number(_ index: Int) -> Int { Int(state.pointee.routes[index].streamNumber) }

    /// The outboxes whose copies stand for all: those of the first subscription, and of copies to all its first target.
    private func shown(_ index: Int) -> Set<Int> {
        var shown: Set<Int> = []
        for subscription in subscriptions[index] {
            switch subscription.mode {
            case .all: return shown.union(subscription.targets.prefix(1).map(Int.init))
            // A direct tuple goes to the one subscriber that has the task.
            case .direct: shown.formUnion(subscription.targets.map(Int.init))
            case .turn, .fields, .partialKey, .custom: return shown.union(subscription.targets.map(Int.init))
            }
        }
        return shown
    }

    /// A sealed batch, before anybody else has it.
    @inline(never)
    func showTap(_ batch: Batch, outbox: Int) {
        guard let tap else { return }
        var verdict = tap.begin()
        var record = batch.payload
        while verdict == .more, record < batch.end {
            let stream = Int(record.reading.u16(4))
            if let index = streams.indices.first(where: { number($0) == stream }),
                tappedOutboxes[index].contains(outbox)
            {
                verdict = tap.look(at: UnsafeRawPointer(record), from: task.rawValue)
            }
            record += Int(record.reading.u32(0))
        }
        if verdict == .rest { setTap(nil) }
    }

    /// A tuple in the scratch buffer that has no target.
    func showTap(unheard record: UnsafeMutableRawPointer) {
        guard let tap else { return }
        let verdict = tap.begin()
        guard verdict != .rest, tap.look(at: UnsafeRawPointer(record), from: task.rawValue) != .rest else {
            return setTap(nil)
        }
    }
}
