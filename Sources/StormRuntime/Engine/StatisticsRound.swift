import StormCore
import Synchronization

/// The round of `TopologyEngine.statistics`.
enum StatisticsRound {
    /// How long the executors have for their answers.
    static let patience: Duration = .seconds(3)
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
