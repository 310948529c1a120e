import Synchronization

/// A one-shot watch, set by the read that returned it: it misses nothing after that read.
///
/// Ends with the first event, the session's end, the client's close, or `cancel`. A watch that is let go of without
/// being waited for removes itself.
///
/// ```swift
/// let (node, watch) = try await client.getAndWatch("/config")
/// switch await watch.outcome() { case .dataChanged: …; case .sessionLost: …; default: … }
/// ```
public final class NodeWatch: Sendable {
    /// The node, relative to the client's chroot.
    public let path: String
    let waiter: WatchWaiter
    private let result: WatchResult

    init(path: String) {
        let result = WatchResult()
        self.path = path
        self.result = result
        self.waiter = WatchWaiter { result.set($0) }
    }

    deinit { waiter.cancel() }

    /// Waits for the end of the watch; returns at once when it has ended. Cancelling the waiting task ends only that
    /// wait, with `cancelled`; the watch stays.
    public func outcome() async -> WatchOutcome { await result.value() }

    /// Ends the watch, here and on the server.
    public func cancel() { waiter.cancel() }
}

/// A value that is set once and awaited by any number of tasks.
final class WatchResult: Sendable {
    private struct State {
        var outcome: WatchOutcome?
        var waiting: [Int: CheckedContinuation<WatchOutcome, Never>] = [:]
        var nextID = 0
        var cancelledBeforeWaiting: Set<Int> = []
    }

    private let state = Mutex(State())

    func set(_ outcome: WatchOutcome) {
        let waiting = state.withLock { state -> [CheckedContinuation<WatchOutcome, Never>] in
            if state.outcome != nil { return [] }
            state.outcome = outcome
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: outcome) }
    }

    func value() async -> WatchOutcome {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> WatchOutcome? in
                    if let outcome = state.outcome { return outcome }
                    if state.cancelledBeforeWaiting.remove(id) != nil { return .cancelled }
                    state.waiting[id] = continuation
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<WatchOutcome, Never>? in
                if let continuation = state.waiting.removeValue(forKey: id) { return continuation }
                if state.outcome == nil { state.cancelledBeforeWaiting.insert(id) }
                return nil
            }
            continuation?.resume(returning: .cancelled)
        }
    }
}
