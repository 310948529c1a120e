import FoundationEssentials
import StormCore
package import StormThrift

/// Asks all workers of a topology for one of their pages, where nimbus says that they are.
package struct Surveyor: Sendable {
    /// - Returns: the worker's answer. Throws a text for people.
    package typealias Ask =
        @Sendable (_ path: String, _ place: WorkerPlace, _ limit: Duration) async throws -> PageClient.Answer

    private let nimbus: any NimbusService
    private let ask: Ask
    private let limit: Duration
    private let pause: Duration
    private let isPatient: Bool

    /// Questions under way at one time.
    private static let questionsMax = 32
    /// Longest wait for one worker.
    private static let answerLimit = Duration.seconds(5)

    /// - Parameters:
    ///   - limit: how long to ask again while a worker does not answer. A worker that was just restarted needs a moment.
    ///   - pause: before all are asked again.
    ///   - isPatient: false asks only once, for `limit` at most.
    package init(
        nimbus: any NimbusService, limit: Duration, pause: Duration = .milliseconds(200), isPatient: Bool = true,
        ask: @escaping Ask = { try await PageClient.get($0, from: $1, within: $2) }
    ) {
        self.nimbus = nimbus
        self.limit = limit
        self.pause = pause
        self.isPatient = isPatient
        self.ask = ask
    }

    /// - Returns: the first round in which everybody answered, or the last one within the limit.
    /// - Throws: `CommandFailure` when nimbus does not know the topology.
    package func survey<Answer: WorkerAnswer>(
        _ name: String, _ path: String, as type: Answer.Type
    ) async throws -> WorkerSurvey<Answer> {
        try await survey(name, { _ in path }, as: type)
    }

    /// As above, with a question of its own for each worker.
    /// - Parameter component: only workers that run executors of it; nil: all.
    package func survey<Answer: WorkerAnswer>(
        _ name: String, component: String? = nil, _ path: @escaping @Sendable (WorkerPlace) -> String,
        as type: Answer.Type
    ) async throws -> WorkerSurvey<Answer> {
        try TopologyName.check(name)
        let end = ContinuousClock.now + limit
        while true {
            let info = try await information(name)
            let asked = info.executors.filter { component == nil || $0.componentID == component }
            let places = Set(asked.map { WorkerPlace(host: $0.host, port: Int($0.port)) }).sorted()
            let left = max(.milliseconds(100), end - ContinuousClock.now)
            let round = await round(path, places, info, within: min(left, Self.answerLimit), as: type)
            if !isPatient || round.gaps.isEmpty || ContinuousClock.now + pause >= end { return round }
            try await Task.sleep(for: pause)
        }
    }

    private func information(_ name: String) async throws -> Thrift.TopologyInfo {
        do {
            return try await nimbus.getTopologyInfoByNameWithOpts(name: name, options: .init(errorChoice: .noErrors))
        } catch {
            throw CommandFailure.nimbus(error, about: name)
        }
    }

    private func round<Answer: WorkerAnswer>(
        _ path: @escaping @Sendable (WorkerPlace) -> String, _ places: [WorkerPlace], _ info: Thrift.TopologyInfo,
        within limit: Duration, as type: Answer.Type
    ) async -> WorkerSurvey<Answer> {
        typealias Survey = WorkerSurvey<Answer>
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
