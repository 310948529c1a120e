import StormCore
import Synchronization

/// Collects one answer of each of several executors, each given on its own loop, for at most a few seconds: an executor
/// that is held up in user code must not hold up who looks at the worker.
final class ExecutorRound<Answer: Sendable>: Sendable {
    fileprivate struct Content {
        var answers: [Int: Answer] = [:]
        var missing: Int
        var continuation: CheckedContinuation<Void, Never>?
        var isOver = false

        /// - Returns: who has to be woken.
        mutating func end() -> CheckedContinuation<Void, Never>? {
            isOver = true
            defer { continuation = nil }
            return continuation
        }
    }

    private let content: Mutex<Content>

    /// - Parameter count: executors that will answer.
    init(count: Int) { content = Mutex(Content(missing: count)) }

    /// Any thread; once per executor.
    func answer(_ index: Int, _ answer: Answer?) {
        let continuation = content.withLock { content -> CheckedContinuation<Void, Never>? in
            content.answers[index] = answer
            content.missing -= 1
            return content.missing > 0 ? nil : content.end()
        }
        continuation?.resume()
    }

    /// Waits until all have answered or `StatisticsRound.patience` is over.
    /// - Returns: the answers that came, by executor.
    func answers() async -> [Int: Answer] {
        let limit = Task {
            try await Task.sleep(for: StatisticsRound.patience)
            content.withLock { $0.end() }?.resume()
        }
        await withCheckedContinuation { continuation in
            let isOver = content.withLock { content in
                if content.missing == 0 || content.isOver { return true }
                content.continuation = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
        limit.cancel()
        return content.withLock { $0.answers }
    }
}

extension Executor {
    /// Has a question answered on its loop, unless so many wait already.
    /// - Parameter answer: called once, with nil when it is stopped or has too much to answer.
    func ask<Answer>(
        _ question: @escaping @Sendable (Executor) -> Answer, _ answer: @escaping @Sendable (Answer?) -> Void
    ) {
        guard questions.wrappingAdd(1, ordering: .relaxed).newValue <= 16 else {
            questions.wrappingSubtract(1, ordering: .relaxed)
            return answer(nil)
        }
        let isAccepted = post { executor in
            executor.questions.wrappingSubtract(1, ordering: .relaxed)
            answer(question(executor))
        }
        if !isAccepted { answer(nil) }
    }
}
