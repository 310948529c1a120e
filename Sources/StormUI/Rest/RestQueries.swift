import FoundationEssentials
import StormCore
import StormThrift

/// GET: what each path of Storm's REST interface answers.
struct RestQueries {
    let nimbus: any NimbusService
    let settings: UISettings
    let query: [String: String]

    private var window: String { query["window"].flatMap { $0.isEmpty ? nil : $0 } ?? ":all-time" }
    private var includesSystem: Bool { query["sys"] == "true" }

    /// - Parameter parts: of the path below `/api/v1/`, decoded.
    /// - Returns: nil for a path that is not of the interface.
    func answer(_ parts: [String]) async throws -> ConfigValue? {
        switch parts.first {
        case "cluster" where parts == ["cluster", "summary"]:
            return ClusterBodies(settings).summary(try await nimbus.getClusterInfo())
        case "cluster" where parts == ["cluster", "configuration"]:
            return try JSONText.value(try await nimbus.getNimbusConf())
        case "nimbus" where parts == ["nimbus", "summary"]:
            return ClusterBodies(settings).nimbuses(try await nimbus.getClusterInfo().nimbuses)
        case "history" where parts == ["history", "summary"]:
            let ids = try await nimbus.getTopologyHistory(user: nil).topologyIDs ?? []
            return ["topo-history": .list(ids.map { .string($0) })]
        case "supervisor" where parts == ["supervisor", "summary"]:
            return SupervisorBodies(settings).summary(try await nimbus.getClusterInfo().supervisors)
        case "supervisor" where parts.count == 1:
            return try await supervisor()
        case "owner-resources" where parts.count <= 2:
            return try await owners(parts.count == 2 ? parts[1] : nil)
        case "topology" where parts == ["topology", "summary"]:
            return TopologyBodies(settings).summary(try await nimbus.getTopologySummaries())
        case "topology-workers" where parts.count == 2:
            return TopologyBodies(settings).workers(try await nimbus.getTopologyInfo(id: parts[1]))
        case "topology" where parts.count >= 2:
            return try await topology(parts[1], Array(parts[2...]))
        default:
            return nil
        }
    }

    private func supervisor() async throws -> ConfigValue {
        let page = try await nimbus.getSupervisorPageInfo(
            id: query["id"] ?? "", host: query["host"] ?? "", includeSystem: includesSystem)
        return SupervisorBodies(settings).page(page)
    }

    private func owners(_ owner: String?) async throws -> ConfigValue? {
        let summaries = try await nimbus.getOwnerResourceSummaries(owner: owner)
        guard let owner else { return OwnerBodies.summary(summaries) }
        let topologies = try await nimbus.getTopologySummaries().filter { $0.owner == owner }
        let summary = summaries.first ?? Thrift.OwnerResourceSummary(owner: owner)
        return OwnerBodies.page(summary, TopologyBodies(settings).rows(topologies))
    }

    private func topology(_ id: String, _ rest: [String]) async throws -> ConfigValue? {
        switch rest.first {
        case nil: return try await topologyPage(id)
        case "metrics" where rest.count == 1: return try await topologyPage(id)
        case "lag" where rest.count == 1:
            _ = try await nimbus.getTopologySummary(id: id)
            return [:]
        case "logconfig" where rest.count == 1:
            return LogConfigBodies.levels(try await nimbus.getLogConfig(name: id))
        case "visualization" where rest.count == 1:
            let info = try await nimbus.getTopologyInfoWithOpts(id: id, options: .init(errorChoice: .one))
            let topology = try await nimbus.getTopology(id: id)
            return VisualizationBody(info: info, topology: topology, window: window, includesSystem: includesSystem)
                .value
        case "visualization-init" where rest.count == 1:
            let topology = try await nimbus.getTopology(id: id)
            return VisualizationBody.streams(topology, includesSystem: includesSystem)
        case "component" where rest.count == 2:
            let page = try await nimbus.getComponentPageInfo(
                topologyID: id, componentID: rest[1], window: window, includeSystem: includesSystem)
            return ComponentBodies(settings, window: window).page(page)
        default: return nil
        }
    }

    private func topologyPage(_ id: String) async throws -> ConfigValue {
        let page = try await nimbus.getTopologyPageInfo(id: id, window: window, includeSystem: includesSystem)
        return try TopologyBodies(settings).page(page, window: window)
    }
}

/// Configurations arrive as texts of JSON objects.
enum JSONText {
    /// - Throws: when it is none, which only a faulty nimbus sends.
    static func value(_ text: String) throws -> ConfigValue {
        try JSONDecoder().decode(ConfigValue.self, from: Data(text.utf8))
    }
}
