import StormRuntime
package import StormThrift
import Synchronization

/// Looks at one topology or all of them, at the workers themselves; nimbus is asked where they are every ten seconds, or
/// when one of them was not found (`Remembered`). One look at a time.
package final class TopSurveyor: Sendable {
    /// A topology as nimbus knows it.
    package struct Known: Sendable {
        package var summary: Thrift.TopologySummary
        package var info: Thrift.TopologyInfo

        package init(summary: Thrift.TopologySummary, info: Thrift.TopologyInfo) {
            self.summary = summary
            self.info = info
        }
    }

    private let plan: @Sendable () async throws -> [Known]
    private let workers: WorkerRound
    private let limit: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let known = Mutex(Remembered<[Known]>())

    /// Topologies that are looked at when none is named.
    private static let topologiesMax = 100

    /// - Parameters:
    ///   - limit: for the answers of one topology's workers.
    ///   - plan: asks nimbus; see `known`.
    package init(
        limit: Duration = .seconds(2), workers: WorkerRound = WorkerRound(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        plan: @escaping @Sendable () async throws -> [Known]
    ) {
        self.limit = limit
        self.workers = workers
        self.now = now
        self.plan = plan
    }

    /// What nimbus knows.
    /// - Parameter name: nil: all topologies, the first hundred of them.
    /// - Throws: a failure when the topology is not there or nimbus does not answer.
    package static func known(_ nimbus: any NimbusService, name: String?) async throws -> [Known] {
        let summaries: [Thrift.TopologySummary]
        do {
            summaries = try await nimbus.getTopologySummaries()
        } catch {
            throw CommandFailure(NimbusErrorText.text(error))
        }
        let wanted = summaries.filter { name == nil || $0.name == name }.prefix(topologiesMax)
        if let name, wanted.isEmpty { throw UnknownTopology.failure(name, among: summaries.map(\.name)) }
        let surveyor = Surveyor(nimbus: nimbus, limit: .zero)
        var known: [Known] = []
        for summary in wanted {
            do {
                known.append(Known(summary: summary, info: try await surveyor.information(summary.name)))
            } catch is CommandFailure where name == nil {
                // It has ended since it was listed.
            }
        }
        return known
    }

    /// - Throws: what `plan` throws.
    package func samples() async throws -> [TopSample] {
        var age = Duration.zero
        let topologies: [Known]
        if let held = known.withLock({ $0.current(now()) }) {
            (topologies, age) = held
        } else {
            topologies = try await plan()
            let now = now()
            known.withLock { $0.learn(topologies, now) }
        }
        var samples: [TopSample] = []
        for topology in topologies { samples.append(await sample(topology, age)) }
        let isFound = samples.allSatisfy(\.missing.isEmpty)
        known.withLock { $0.tried(isFound: isFound) }
        return samples
    }

    private func sample(_ known: Known, _ age: Duration) async -> TopSample {
        let summary = known.summary
        let survey = await workers.round(known.info, { _ in "/figures" }, within: limit, as: WorkerFigures.self)
        return TopSample(
            name: summary.name, id: summary.id, status: summary.status,
            uptimeSeconds: Int(summary.uptimeSecs) + Int(age.components.seconds),
            wantedWorkers: Int(summary.numWorkers), workers: survey.workers, missing: survey.missing)
    }
}
