import FoundationEssentials
import StormCore
package import StormThrift

/// Asks all workers of a topology once for one of their pages. Nimbus has no part in it.
package struct WorkerRound: Sendable {
    /// - Returns: the worker's answer. Throws a text for people.
    package typealias Ask =
        @Sendable (_ path: String, _ place: WorkerPlace, _ limit: Duration) async throws -> PageClient.Answer

    package static let overHTTP: Ask = { try await PageClient.get($0, from: $1, within: $2) }

    private let ask: Ask

    /// Questions under way at one time.
    private static let questionsMax = 32
    /// Longest wait for one worker.
    private static let answerLimit = Duration.seconds(5)

    package init(_ ask: @escaping Ask = overHTTP) { self.ask = ask }

    /// - Parameters:
    ///   - info: what nimbus says of the topology; an old one will do, whoever has moved does not answer then.
    ///   - component: only workers that run executors of it; nil: all.
    ///   - path: the question for each worker.
    ///   - limit: for each answer; five seconds at most.
    package func round<Answer: WorkerAnswer>(
        _ info: Thrift.TopologyInfo, component: String? = nil, _ path: @escaping @Sendable (WorkerPlace) -> String,
        within limit: Duration, as type: Answer.Type
    ) async -> WorkerSurvey<Answer> {
        typealias Survey = WorkerSurvey<Answer>
        let asked = info.executors.filter { component == nil || $0.componentID == component }
        let places = Set(asked.map { WorkerPlace(host: $0.host, port: Int($0.port)) }).sorted()
        let limit = min(limit, Self.answerLimit)
        var survey = Survey(topologyName: info.name, topologyID: info.id, workers: [], missing: [])
        await withTaskGroup(of: (WorkerPlace, Result<Answer, PageClient.Failure>).self) { group in
            var waiting = places[...]
            for place in waiting.prefix(Self.questionsMax) {
                group.addTask { (place, await answer(path(place), place, info.id, within: limit)) }
            }
            waiting = waiting.dropFirst(Self.questionsMax)
            for await (place, result) in group {
                switch result {
                case .success(let answer): survey.workers.append(Survey.Worker(place: place, answer: answer))
                case .failure(let failure): survey.missing.append(.init(place: place, reason: failure.description))
                }
                if let next = waiting.popFirst() {
                    group.addTask { (next, await answer(path(next), next, info.id, within: limit)) }
                }
            }
        }
        survey.workers.sort { $0.place < $1.place }
        survey.missing.sort { $0.place < $1.place }
        return survey
    }

    private func answer<Answer: WorkerAnswer>(
        _ path: String, _ place: WorkerPlace, _ topologyID: String, within limit: Duration
    ) async -> Result<Answer, PageClient.Failure> {
        do {
            let answer = try await ask(path, place, limit)
            guard answer.status == 200 else { return .failure(.init("it answered with status \(answer.status)")) }
            let content = try JSONDecoder().decode(Answer.self, from: Data(answer.body))
            guard content.topologyID == topologyID else {
                return .failure(.init("it works for topology \(content.topologyID)"))
            }
            return .success(content)
        } catch is DecodingError {
            return .failure(.init("its answer cannot be read; is it of another version?"))
        } catch {
            return .failure(.init("\(error)"))
        }
    }
}
