import StormCore
package import StormThrift

/// Asks all workers of a topology for one of their pages, where nimbus says that they are.
package struct Surveyor: Sendable {
    private let nimbus: any NimbusService
    private let workers: WorkerRound
    private let limit: Duration
    private let pause: Duration
    private let isPatient: Bool

    /// - Parameters:
    ///   - limit: how long to ask again while a worker does not answer. A worker that was just restarted needs a moment.
    ///   - pause: before all are asked again.
    ///   - isPatient: false asks only once, for `limit` at most.
    package init(
        nimbus: any NimbusService, limit: Duration, pause: Duration = .milliseconds(200), isPatient: Bool = true,
        ask: @escaping WorkerRound.Ask = WorkerRound.overHTTP
    ) {
        self.nimbus = nimbus
        self.limit = limit
        self.pause = pause
        self.isPatient = isPatient
        workers = WorkerRound(ask)
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
            let left = max(.milliseconds(100), end - ContinuousClock.now)
            let round = await workers.round(info, component: component, path, within: left, as: type)
            if !isPatient || round.gaps.isEmpty || ContinuousClock.now + pause >= end { return round }
            try await Task.sleep(for: pause)
        }
    }

    /// What nimbus says of a topology, its workers' places among it.
    /// - Throws: `CommandFailure` when nimbus does not know it.
    package func information(_ name: String) async throws -> Thrift.TopologyInfo {
        do {
            return try await nimbus.getTopologyInfoByNameWithOpts(name: name, options: .init(errorChoice: .noErrors))
        } catch {
            throw await nimbus.failure(error, topology: name)
        }
    }
}
