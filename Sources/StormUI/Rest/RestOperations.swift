import FoundationEssentials
import StormCore
import StormThrift

/// POST: what changes a topology.
struct RestOperations {
    let nimbus: any NimbusService
    let body: [UInt8]

    /// - Parameter parts: of the path below `/api/v1/`, decoded: `topology`, the id, the operation, its arguments.
    /// - Returns: nil for a path that is not of the interface.
    func answer(_ parts: [String]) async throws -> ConfigValue? {
        guard parts.count >= 3, parts[0] == "topology" else { return nil }
        let (id, rest) = (parts[1], Array(parts[2...]))
        switch (rest[0], rest.count) {
        case ("activate", 1):
            try await nimbus.activate(name: try await name(id))
        case ("deactivate", 1):
            try await nimbus.deactivate(name: try await name(id))
        case ("rebalance", 2):
            try await nimbus.rebalance(name: try await name(id), options: .init(waitSecs: try seconds(rest[1])))
        case ("kill", 2):
            try await nimbus.killTopologyWithOpts(
                name: try await name(id), options: .init(waitSecs: try seconds(rest[1])))
        case ("debug", 3):
            return try await debug(id, "", rest[1], rest[2])
        case ("component", 5) where rest[2] == "debug":
            return try await debug(id, rest[1], rest[3], rest[4])
        case ("logconfig", 1):
            return try await setLevels(id)
        case ("profiling", 3...4):
            return try await profile(id, rest)
        default: return nil
        }
        return done(rest[0], id)
    }

    /// Whether a path looks like one that `answer` knows.
    static func takes(_ parts: [String]) -> Bool {
        guard parts.count >= 3, parts[0] == "topology" else { return false }
        switch (parts[2], parts.count - 2) {
        case ("activate", 1), ("deactivate", 1), ("rebalance", 2), ("kill", 2), ("debug", 3), ("logconfig", 1),
            ("profiling", 3...4):
            return true
        case ("component", 5): return parts[4] == "debug"
        default: return false
        }
    }

    private func done(_ operation: String, _ id: String) -> ConfigValue {
        ["topologyOperation": .string(operation), "topologyId": .string(id), "status": "success"]
    }

    private func name(_ id: String) async throws -> String { try await nimbus.getTopologySummary(id: id).name }

    private func seconds(_ text: String) throws -> Int32 {
        guard let seconds = Int32(text), seconds >= 0 else {
            throw RestError.badRequest("'\(text)' is no number of seconds")
        }
        return seconds
    }

    private func debug(
        _ id: String, _ component: String, _ action: String, _ percent: String
    ) async throws -> ConfigValue {
        guard action == "enable" || action == "disable" else {
            throw RestError.badRequest("'\(action)' must be enable or disable")
        }
        guard let percent = Double(percent), percent.isFinite else {
            throw RestError.badRequest("'\(percent)' is no percentage")
        }
        try await nimbus.debug(
            name: try await name(id), component: component, enable: action == "enable", samplingPercentage: percent)
        return done("debug/\(action)", id)
    }

    private func setLevels(_ id: String) async throws -> ConfigValue {
        _ = try await name(id)
        try await nimbus.setLogConfig(name: id, config: try LogConfigBodies.change(body))
        return LogConfigBodies.levels(try await nimbus.getLogConfig(name: id))
    }

    /// `profiling`, action, `host:port` and, to start, minutes.
    private func profile(_ id: String, _ rest: [String]) async throws -> ConfigValue? {
        let actions: [String: Thrift.ProfileAction] = [
            "start": .profileStop, "stop": .profileStop, "dumpprofile": .profileDump, "dumpjstack": .stackDump,
            "dumpheap": .heapDump, "restartworker": .restart,
        ]
        guard let action = actions[rest[1]], let colon = rest[2].lastIndex(of: ":"),
            let port = Int64(rest[2][rest[2].index(after: colon)...]), rest.count == (rest[1] == "start" ? 4 : 3)
        else { return nil }
        let node = Thrift.NodeInfo(node: String(rest[2][..<colon]), ports: [port])
        try await nimbus.setWorkerProfiler(id: id, request: .init(nodeInfo: node, action: action))
        return ["status": "ok", "id": .string(rest[2])]
    }
}
