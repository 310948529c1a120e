import Synchronization

/// A value that is set once and awaited by any number of tasks.
final class Once<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiting: [Int: CheckedContinuation<Value, Never>] = [:]
        var nextID = 0
        var cancelledBeforeWaiting: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Sets the value and wakes who waits; does nothing when it is set already.
    func set(_ value: Value) {
        let waiting = state.withLock { state -> [CheckedContinuation<Value, Never>] in
            if state.value != nil { return [] }
            state.value = value
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }

    /// Waits for the value; `cancelled` instead when the task is cancelled first.
    func value(cancelled: Value) async -> Value {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> Value? in
                    if let value = state.value { return value }
                    if state.cancelledBeforeWaiting.remove(id) != nil { return cancelled }
                    state.waiting[id] = continuation
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Value, Never>? in
                if let continuation = state.waiting.removeValue(forKey: id) { return continuation }
                if state.value == nil { state.cancelledBeforeWaiting.insert(id) }
                return nil
            }
            continuation?.resume(returning: cancelled)
        }
    }
}
