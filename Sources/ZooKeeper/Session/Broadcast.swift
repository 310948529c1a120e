import Synchronization

/// Hands each element to every subscriber, each with a bounded buffer of its own that keeps the newest.
///
/// `send` never blocks and calls no user code, so it may be called under a lock; `finish` may not, because ending a
/// stream runs its termination handler.
final class Broadcast<Element: Sendable>: Sendable {
    private struct State {
        var continuations: [Int: AsyncStream<Element>.Continuation] = [:]
        var nextID = 0
        var isFinished = false
    }

    private let state = Mutex(State())
    private let buffered: Int

    init(buffered: Int) { self.buffered = buffered }

    /// A new subscription, which starts with `first`. Ends when the broadcast does or the task that reads is cancelled.
    func subscribe(first: Element?) -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream<Element>.makeStream(bufferingPolicy: .bufferingNewest(buffered))
        if let first { continuation.yield(first) }
        let id: Int? = state.withLock { state in
            if state.isFinished { return nil }
            state.nextID += 1
            state.continuations[state.nextID] = continuation
            return state.nextID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.remove(id) }
        return stream
    }

    func send(_ element: Element) {
        state.withLock { state in
            for continuation in state.continuations.values { continuation.yield(element) }
        }
    }

    func finish() {
        let ended = state.withLock { state in
            state.isFinished = true
            let all = Array(state.continuations.values)
            state.continuations = [:]
            return all
        }
        for continuation in ended { continuation.finish() }
    }

    var subscriberCount: Int { state.withLock { $0.continuations.count } }

    private func remove(_ id: Int) {
        state.withLock { $0.continuations[id] = nil }
    }
}
