import StormTopology
package import StormWire

/// The conservation law, watched: which messages a checking source emitted, what became of each, and how often each
/// reached a checking sink. Plays the durable source too: what was not acked is emitted again, also by a new spout object.
package final class DeliveryCheck: Sendable {
    package struct State: Sendable {
        /// Emits, replays included.
        package var emitted = 0
        package var acked = 0
        package var failed = 0
        package var failures: [FailureReason: Int] = [:]
        /// Ids whose newest emit has neither been acked nor failed.
        package var pending: Set<Int> = []
        package var ackedIDs: Set<Int> = []
        /// Arrivals at the sinks by id.
        package var arrivals: [Int: Int] = [:]
        package var highestPending = 0
        /// Law breaks seen, as text.
        package var faults: [String] = []

        /// Sum of `arrivals`.
        package var arrived = 0
    }

    package let state = Observed(State())

    package init() {}

    package func emitted(_ id: Int) {
        state.update { state in
            state.emitted += 1
            if !state.pending.insert(id).inserted { state.faults.append("message \(id) was emitted while pending") }
            state.highestPending = max(state.highestPending, state.pending.count)
        }
    }

    package func acked(_ id: Int) {
        state.update { state in
            state.acked += 1
            if state.pending.remove(id) == nil { state.faults.append("message \(id) was acked but not pending") }
            state.ackedIDs.insert(id)
        }
    }

    package func failed(_ id: Int, _ reason: FailureReason) {
        state.update { state in
            state.failed += 1
            state.failures[reason, default: 0] += 1
            if state.pending.remove(id) == nil { state.faults.append("message \(id) failed but was not pending") }
        }
    }

    package func arrived(_ id: Int) {
        state.update { state in
            state.arrivals[id, default: 0] += 1
            state.arrived += 1
        }
    }

    /// Waits until `count` different messages were acked.
    @discardableResult
    package func wait(acked count: Int, timeout: Duration = .seconds(60)) async throws -> State {
        try await state.wait("\(count) acked messages", timeout: timeout) { $0.ackedIDs.count >= count }
    }

    /// What breaks the law at the end of a run of `count` messages, each of which has `copies` leaves at the sinks.
    package func faults(messages count: Int, copies: Int = 1, exactlyOnce: Bool) -> [String] {
        let state = state.value
        var faults = state.faults
        if state.emitted != state.acked + state.failed + state.pending.count {
            faults.append(
                "\(state.emitted) emitted ≠ \(state.acked) acked + \(state.failed) failed + \(state.pending.count)")
        }
        if state.ackedIDs != Set(0..<count) { faults.append("\(state.ackedIDs.count) of \(count) messages were acked") }
        for id in 0..<count {
            let arrivals = state.arrivals[id, default: 0]
            if arrivals < copies { faults.append("message \(id) arrived \(arrivals) times") }
            if exactlyOnce, arrivals > copies {
                faults.append("message \(id) arrived \(arrivals) times, not \(copies)")
            }
        }
        return Array(faults.prefix(5))
    }
}
