import Synchronization

/// State that many threads change and a test waits for: each change wakes the waits whose condition it fulfils.
package final class Observed<State: Sendable>: Sendable {
    private struct Waiter {
        let id: Int
        let condition: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<State, any Error>
    }

    private struct Content {
        var state: State
        var waiters: [Waiter] = []
        var nextID = 0
    }

    private let content: Mutex<Content>

    package init(_ state: State) { content = Mutex(Content(state: state)) }

    package var value: State { content.withLock { $0.state } }

    package func update<R: Sendable>(_ body: (inout State) -> R) -> R {
        // The state is not copied out but for a wait that ends: a copy held elsewhere would make each change copy it all.
        let (result, ended) = content.withLock { content in
            let result = body(&content.state)
            var ended: [(Waiter, State)] = []
            content.waiters.removeAll { waiter in
                guard waiter.condition(content.state) else { return false }
                ended.append((waiter, content.state))
                return true
            }
            return (result, ended)
        }
        for (waiter, state) in ended { waiter.continuation.resume(returning: state) }
        return result
    }

    /// - Throws: `WaitTimeout` with the state reached.
    @discardableResult
    package func wait(
        _ what: String, timeout: Duration = .seconds(60), until condition: @escaping @Sendable (State) -> Bool
    ) async throws -> State {
        let id = content.withLock { content in
            content.nextID += 1
            return content.nextID
        }
        // A deadline only: nothing is polled.
        let deadline = Task {
            try await Task.sleep(for: timeout)
            expire(id, what)
        }
        defer { deadline.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            let reached: State? = content.withLock { content in
                if condition(content.state) { return content.state }
                content.waiters.append(Waiter(id: id, condition: condition, continuation: continuation))
                return nil
            }
            if let reached { continuation.resume(returning: reached) }
        }
    }

    private func expire(_ id: Int, _ what: String) {
        let (waiter, state) = content.withLock { content in
            let index = content.waiters.firstIndex { $0.id == id }
            return (index.map { content.waiters.remove(at: $0) }, content.state)
        }
        waiter?.continuation.resume(
            throwing: WaitTimeout(description: "waited too long for \(what); reached: \(state)"))
    }
}

package struct WaitTimeout: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}
