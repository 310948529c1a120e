import StormCluster
import StormCore
import StormThrift

/// What can be set while a topology runs, and lists of topologies by user.
extension NimbusHandler {
    func debug(name: String, component: String, enable: Bool, samplingPercentage: Double) async throws {
        try await requireLeader("debug")
        let base = try await topology(named: name)
        guard component.isEmpty || base.componentTasks[component] != nil else {
            throw ThriftApplicationException(.internalError, "topology '\(name)' has no component '\(component)'")
        }
        let percent = samplingPercentage.isFinite ? max(0, min(100, samplingPercentage)) : 0
        try await leaderState.storms.update(base.id) {
            $0.debug = ($0.debug ?? [:]).merging(
                [component: DebugSampling(enabled: enable, percent: enable ? percent : 0)], uniquingKeysWith: { $1 })
        }
    }

    func uploadNewCredentials(name: String, credentials: Thrift.Credentials) async throws {
        try await requireLeader("uploadNewCredentials")
        let id = try await topology(named: name).id
        let old = try await state.credentials.get(id)?.record.credentials ?? [:]
        let merged = old.merging(credentials.credentials, uniquingKeysWith: { $1 })
        try await leaderState.credentials.put(id, CredentialsRecord(credentials: merged))
    }

    func setLogConfig(name: String, config: Thrift.LogConfig) async throws {
        try await requireLeader("setLogConfig")
        let id = try await topology(id: name).id
        var levels = try await state.logConfigs.get(id)?.record.levels ?? [:]
        for (logger, change) in config.namedLoggerLevel ?? [:] {
            switch change.action {
            case .remove: levels[logger] = nil
            case .unchanged: break
            case .update:
                let seconds = change.resetLogLevelTimeoutSecs ?? 0
                levels[logger] = LogConfigRecord.Level(
                    level: (change.targetLogLevel ?? "INFO").lowercased(),
                    expiresAtMilliseconds: seconds > 0 ? nowMilliseconds + Int64(seconds) * 1000 : nil)
            }
        }
        try await leaderState.logConfigs.put(id, LogConfigRecord(levels: levels))
    }

    func getLogConfig(name: String) async throws -> Thrift.LogConfig? {
        let levels = try await state.logConfigs.get(name)?.record.levels ?? [:]
        return Thrift.LogConfig(
            namedLoggerLevel: levels.filter { ($0.value.expiresAtMilliseconds ?? Int64.max) > nowMilliseconds }
                .mapValues { level in
                    Thrift.LogLevel(
                        action: .unchanged, targetLogLevel: level.level.uppercased(),
                        resetLogLevelTimeoutEpoch: level.expiresAtMilliseconds)
                })
    }

    /// The living ones; what is gone is in the logs.
    func getTopologyHistory(user: String?) async throws -> Thrift.TopologyHistoryInfo {
        let bases = try await state.storms.all().values.map(\.record)
        let own = bases.filter { (user ?? "").isEmpty || $0.owner == user }
        return Thrift.TopologyHistoryInfo(topologyIDs: own.map(\.id).sorted())
    }

    func getOwnerResourceSummaries(owner: String?) async throws -> [Thrift.OwnerResourceSummary] {
        var byOwner: [String: Thrift.OwnerResourceSummary] = [:]
        for topology in try await getTopologySummaries() {
            let name = topology.owner ?? ""
            if let owner, !owner.isEmpty, owner != name { continue }
            var sum = byOwner[name] ?? Thrift.OwnerResourceSummary(owner: name)
            sum.totalTopologies = (sum.totalTopologies ?? 0) + 1
            sum.totalExecutors = (sum.totalExecutors ?? 0) + topology.numExecutors
            sum.totalWorkers = (sum.totalWorkers ?? 0) + topology.numWorkers
            sum.totalTasks = (sum.totalTasks ?? 0) + topology.numTasks
            byOwner[name] = sum
        }
        return byOwner.values.sorted { $0.owner < $1.owner }
    }
}
