import StormCore
import Synchronization

/// Collects the counters of all executors, each on its own loop, for at most a few seconds: an executor that is held up
/// in user code must not hold up who looks at the worker.
final class StatisticsRound: Sendable {
    /// How long the executors have for their answers.
    static let patience: Duration = .seconds(3)

    fileprivate struct Content {
        var answers: [Int: [TaskStatistics]] = [:]
        var missing: Int
        var continuation: CheckedContinuation<Void, Never>?
        var isOver = false
    }

    private let content: Mutex<Content>

    /// - Parameter count: executors that will answer.
    init(count: Int) { content = Mutex(Content(missing: count)) }

    /// Any thread; once per executor.
    func answer(_ index: Int, _ statistics: [TaskStatistics]) {
        let continuation = content.withLock { content -> CheckedContinuation<Void, Never>? in
            content.answers[index] = statistics
            content.missing -= 1
            return content.missing > 0 ? nil : content.end()
        }
        continuation?.resume()
    }

    /// Waits until all have answered or `patience` is over.
    /// - Returns: the answers that came, by executor.
    func answers() async -> [Int: [TaskStatistics]] {
        let limit = Task {
            try await Task.sleep(for: Self.patience)
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

extension StatisticsRound.Content {
    /// - Returns: who has to be woken.
    fileprivate mutating func end() -> CheckedContinuation<Void, Never>? {
        isOver = true
        defer { continuation = nil }
        return continuation
    }
}

extension Executor {
    /// Asks for the counters of its tasks, unless so many questions wait already.
    /// - Parameter answer: called once, on its loop, or at once when it is stopped or has too much to answer.
    func askStatistics(_ answer: @escaping @Sendable ([TaskStatistics]) -> Void) {
        guard questions.wrappingAdd(1, ordering: .relaxed).newValue <= 16 else {
            questions.wrappingSubtract(1, ordering: .relaxed)
            return answer(latestStatistics)
        }
        let isAccepted = post { executor in
            executor.questions.wrappingSubtract(1, ordering: .relaxed)
            let statistics = executor.statistics()
            executor.setLatestStatistics(statistics)
            answer(statistics)
        }
        if !isAccepted { answer([]) }
    }
}
