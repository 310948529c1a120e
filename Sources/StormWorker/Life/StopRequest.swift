import Synchronization

/// A request to stop, remembered: whoever looks later finds it too.
final class StopRequest: Sendable {
    private struct State {
        var isRequested = false
        var actions: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    var isRequested: Bool { state.withLock { $0.isRequested } }

    /// Any thread; again does nothing.
    func request() {
        let actions = state.withLock { state in
            state.isRequested = true
            defer { state.actions = [] }
            return state.actions
        }
        for action in actions { action() }
    }

    /// Calls the action once: when the request comes, or now if it has come. For a few actions in a worker's life; they
    /// must not block.
    func onRequest(_ action: @escaping @Sendable () -> Void) {
        let isNow = state.withLock { state in
            if !state.isRequested { state.actions.append(action) }
            return state.isRequested
        }
        if isNow { action() }
    }

    /// Runs `body` unless the request comes first: then it is cancelled and left to itself, whether it listens or not.
    /// - Returns: nil when the request came first.
    func unless<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value? {
        try await withCheckedThrowingContinuation { continuation in
            let waiting = GivenOnce(continuation)
            let task = Task {
                do {
                    let value = try await body()
                    waiting.take()?.resume(returning: value)
                } catch {
                    waiting.take()?.resume(throwing: error)
                }
            }
            onRequest {
                task.cancel()
                waiting.take()?.resume(returning: nil)
            }
        }
    }
}

/// A value that is given away once.
private final class GivenOnce<Content: Sendable>: Sendable {
    private let content: Mutex<Content?>

    init(_ content: Content) { self.content = Mutex(content) }

    func take() -> Content? {
        content.withLock { content in
            defer { content = nil }
            return content
        }
    }
}
