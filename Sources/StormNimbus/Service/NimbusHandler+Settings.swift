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

    /// As in Storm, an owner that is named has to be the topology's: it guards against the wrong topology of that name.
    func uploadNewCredentials(name: String, credentials: Thrift.Credentials) async throws {
        try await requireLeader("uploadNewCredentials")
        let base = try await topology(named: name)
        if let owner = credentials.topologyOwner, owner != base.owner {
            throw Thrift.AuthorizationException(
                msg: "the owner of topology '\(name)' is '\(base.owner)', not '\(owner)'")
        }
        let id = base.id
        let old = try await state.credentials.get(id)?.record.credentials ?? [:]
        let merged = old.merging(credentials.credentials, uniquingKeysWith: { $1 })
        try await leaderState.credentials.put(id, CredentialsRecord(credentials: merged))
    }

    /// Levels of one topology; what they take in ZooKeeper stays small.
    private static let logLevelsMax = 1000

    /// - Parameter name: the topology's id, as Storm has it.
    func setLogConfig(name: String, config: Thrift.LogConfig) async throws {
        try await requireLeader("setLogConfig")
        let id = try await topology(id: name).id
        let now = nowMilliseconds
        // What has run out is of no use to anybody: the record stays small.
        var levels = (try await state.logConfigs.get(id)?.record.levels ?? [:])
            .filter { ($0.value.expiresAtMilliseconds ?? Int64.max) > now }
        for (logger, change) in config.namedLoggerLevel ?? [:] {
            switch change.action {
            case .remove: levels[logger] = nil
            case .unchanged: break
            case .update:
                let name = change.targetLogLevel ?? "INFO"
                guard let level = LogThreshold(name: name) else {
                    throw ThriftApplicationException(
                        .internalError, "there is no log level '\(name)'; there are \(LogThreshold.names)")
                }
                let seconds = change.resetLogLevelTimeoutSecs ?? 0
                levels[logger] = LogConfigRecord.Level(
                    level: level.rawValue, expiresAtMilliseconds: seconds > 0 ? now + Int64(seconds) * 1000 : nil,
                    timeoutSeconds: seconds > 0 ? Int(seconds) : nil)
            }
        }
        guard levels.count <= Self.logLevelsMax else {
            throw ThriftApplicationException(
                .internalError, "a topology takes at most \(Self.logLevelsMax) log levels at a time")
        }
        try await leaderState.logConfigs.put(id, LogConfigRecord(levels: levels))
    }

    func getLogConfig(name: String) async throws -> Thrift.LogConfig? {
        let levels = try await state.logConfigs.get(name)?.record.levels ?? [:]
        return Thrift.LogConfig(
            namedLoggerLevel: levels.filter { ($0.value.expiresAtMilliseconds ?? Int64.max) > nowMilliseconds }
                .mapValues { level in
                    Thrift.LogLevel(
                        action: .unchanged,
                        targetLogLevel: LogThreshold(name: level.level)?.stormName ?? level.level.uppercased(),
                        resetLogLevelTimeoutSecs: level.timeoutSeconds.map(Int32.init(clamping:)),
                        resetLogLevelTimeoutEpoch: level.expiresAtMilliseconds)
                })
    }

    /// The living ones, and those that were killed at this nimbus.
    func getTopologyHistory(user: String?) async throws -> Thrift.TopologyHistoryInfo {
        func isMeant(_ owner: String) -> Bool { (user ?? "").isEmpty || owner == user }
        let storms = try await readable(state.storms).records.values
        let living = storms.map(\.record).filter { isMeant($0.owner) }.map(\.id)
        let killed = await history.entries().filter { isMeant($0.owner) }.map(\.id)
        return Thrift.TopologyHistoryInfo(topologyIDs: Set(living + killed).sorted())
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
