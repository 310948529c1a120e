import Synchronization

/// Lines in the order in which they came; a test can wait for one.
final class Lines: Sendable {
    private struct State {
        var all: [String] = []
        var waiters: [(prefix: String, signal: AsyncStream<Void>.Continuation)] = []
    }

    private let state = Mutex(State())

    var all: [String] { state.withLock { $0.all } }

    func add(_ line: String) {
        let reached = state.withLock { state in
            state.all.append(line)
            return state.waiters.filter { line.hasPrefix($0.prefix) }.map(\.signal)
        }
        for signal in reached { signal.yield() }
    }

    /// Returns when a line that begins so has come, or when the task is cancelled.
    func wait(forPrefix prefix: String) async {
        let (stream, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let isThere = state.withLock { state in
            state.waiters.append((prefix, signal))
            return state.all.contains { $0.hasPrefix(prefix) }
        }
        if isThere { return }
        for await _ in stream { return }
    }
}
