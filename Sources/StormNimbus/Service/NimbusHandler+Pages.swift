import StormCluster
import StormCore
import StormSubmission
import StormThrift

/// What Storm's web pages show: a topology, a component, the machines. Answered by any nimbus, from the store.
extension NimbusHandler {
    func getTopologyPageInfo(
        id: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.TopologyPageInfo {
        let base = try await topology(id: id)
        let assignment = try await readable(state.assignments, id)
        let report = try await report(base)
        let builder = try await pageBuilder(report, includeSystem, errorsOf: base.componentTasks.keys.sorted())
        let summary = try await getTopologySummary(id: id)
        var page = Thrift.TopologyPageInfo(id: id)
        page.name = base.name
        page.uptimeSecs = summary.uptimeSecs
        page.status = base.status.rawValue
        page.numTasks = summary.numTasks
        page.numWorkers = summary.numWorkers
        page.numExecutors = summary.numExecutors
        page.topologyConf = try await mergedConfiguration(id)
        page.idToSpoutAggStats = builder.components(.spout, window: window)
        page.idToBoltAggStats = builder.components(.bolt, window: window)
        page.schedStatus = statuses[id]
        page.topologyStats = builder.topologyStats
        page.owner = base.owner
        page.debugOptions = base.debug?[""].map { .init(enable: $0.enabled, samplingPercent: $0.percent) }
        page.replicationCount = summary.replicationCount
        page.workers = report.workerSummaries(assignment)
        page.stormVersion = configuration.stormVersion
        return page
    }

    /// - Throws: `NotAliveException` also for a component that the topology does not have, as in Storm.
    func getComponentPageInfo(
        topologyID: String, componentID: String, window: String, includeSystem: Bool
    ) async throws -> Thrift.ComponentPageInfo {
        let base = try await topology(id: topologyID)
        guard base.componentTasks[componentID] != nil else {
            throw Thrift.NotAliveException(msg: "topology \(topologyID) has no component '\(componentID)'")
        }
        let builder = try await pageBuilder(try await report(base), includeSystem, errorsOf: [])
        var page = builder.componentPage(componentID, window: window)
        page.errors = try await state.errors.errors(topologyID, component: componentID).map(SummaryBuilder.error)
        return page
    }

    func getSupervisorPageInfo(
        id: String, host: String, includeSystem: Bool
    ) async throws -> Thrift.SupervisorPageInfo {
        let wanted = try await supervisorSummaries().filter { id.isEmpty ? $0.host == host : $0.supervisorID == id }
        let nodes = Set(wanted.map(\.supervisorID))
        var workers: [Thrift.WorkerSummary] = []
        for (topologyID, stored) in try await readable(state.assignments).records.sorted(by: { $0.key < $1.key })
        where stored.record.workers.contains(where: { nodes.contains($0.node) }) {
            // A topology may go in between.
            guard let base = try await readable(state.storms, topologyID) else { continue }
            workers += try await report(base).workerSummaries(stored.record)
                .filter { nodes.contains($0.supervisorID ?? "") }
        }
        return Thrift.SupervisorPageInfo(supervisorSummaries: wanted, workerSummaries: workers)
    }

    private func pageBuilder(
        _ report: TopologyReport, _ includeSystem: Bool, errorsOf components: [String]
    ) async throws -> PageBuilder {
        let id = report.base.id
        var errors: [String: ErrorRecord] = [:]
        for component in components {
            errors[component] = try await state.errors.lastError(id, component: component)
        }
        let spouts = try await getUserTopology(id: id).spouts.keys
        return PageBuilder(
            report: report, spouts: Set(spouts), includeSystem: includeSystem, lastErrors: errors)
    }

    /// The cluster's configuration with the topology's over it, secrets masked.
    private func mergedConfiguration(_ id: String) async throws -> String {
        let merged = configuration.cluster.merging(try await configurationOf(id), uniquingKeysWith: { $1 })
        return try ConfJSON.text(merged.reduce(into: [:]) { $0[$1.key] = Config.masked($1.key, $1.value) })
    }
}
