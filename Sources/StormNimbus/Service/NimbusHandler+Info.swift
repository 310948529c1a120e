import StormCluster
import StormCore
import StormSubmission
import StormThrift

/// What runs: answered by any nimbus, from the store.
extension NimbusHandler {
    func getLeader() async throws -> Thrift.NimbusSummary? {
        guard let leader = try await state.store.currentLeader(ClusterPaths.leaderLock) else { return nil }
        do {
            guard let record = try await state.nimbuses.get(leader)?.record else { return nil }
            return SummaryBuilder.nimbus(record, isLeader: true, now: nowMilliseconds)
        } catch let fault as ClusterRecordError {
            recordFaults.report(fault)
            // One of a newer version: its clients need no more than the address, and that is its name.
            guard let colon = leader.lastIndex(of: ":"), let port = Int32(leader[leader.index(after: colon)...]) else {
                throw fault
            }
            return Thrift.NimbusSummary(
                host: String(leader[..<colon]), port: port, uptimeSecs: 0, isLeader: true, version: "")
        }
    }

    func getNimbusConf() async throws -> String {
        try ConfJSON.text(configuration.cluster.reduce(into: [:]) { $0[$1.key] = Config.masked($1.key, $1.value) })
    }

    func getClusterInfo() async throws -> Thrift.ClusterSummary {
        let leader = try await state.store.currentLeader(ClusterPaths.leaderLock)
        let nimbuses = try await readable(state.nimbuses).records.sorted { $0.key < $1.key }.map {
            SummaryBuilder.nimbus($0.value.record, isLeader: $0.key == leader, now: nowMilliseconds)
        }
        return Thrift.ClusterSummary(
            supervisors: try await supervisorSummaries(), topologies: try await getTopologySummaries(),
            nimbuses: nimbuses)
    }

    func supervisorSummaries() async throws -> [Thrift.SupervisorSummary] {
        let used = try await readable(state.assignments).records.values.flatMap { $0.record.workers.map(\.slot) }
        let supervisors = try await readable(state.supervisors).records.values.map(\.record)
        return supervisors.sorted { ($0.host, $0.id) < ($1.host, $1.id) }.map {
            SummaryBuilder.supervisor($0, usedSlots: used, now: nowMilliseconds)
        }
    }

    func getTopologySummaries() async throws -> [Thrift.TopologySummary] {
        let assignments = try await readable(state.assignments).records
        var summaries: [Thrift.TopologySummary] = []
        let storms = try await readable(state.storms).records.values
        for stored in storms.sorted(by: { $0.record.id < $1.record.id }) {
            summaries.append(try await summary(stored.record, assignments[stored.record.id]?.record))
        }
        return summaries
    }

    func getTopologySummaryByName(name: String) async throws -> Thrift.TopologySummary {
        try await summary(try await topology(named: name))
    }

    func getTopologySummary(id: String) async throws -> Thrift.TopologySummary {
        try await summary(try await topology(id: id))
    }

    private func summary(_ base: StormBaseRecord) async throws -> Thrift.TopologySummary {
        try await summary(base, try await readable(state.assignments, base.id))
    }

    private func summary(
        _ base: StormBaseRecord, _ assignment: AssignmentRecord?
    ) async throws -> Thrift.TopologySummary {
        var summary = SummaryBuilder.topology(base, assignment, now: nowMilliseconds)
        summary.schedStatus = statuses[base.id]
        summary.stormVersion = configuration.stormVersion
        summary.replicationCount = try await replicationCount(base)
        return summary
    }

    /// Of the blob that the fewest nimbuses hold.
    func replicationCount(_ base: StormBaseRecord) async throws -> Int32 {
        var least = Int32.max
        for blob in base.blobs { least = min(least, Int32(try await catalog.replicationCount(blob.key))) }
        return base.blobs.isEmpty ? 0 : least
    }

    func getTopologyInfo(id: String) async throws -> Thrift.TopologyInfo {
        try await info(try await topology(id: id), .all)
    }

    func getTopologyInfoByName(name: String) async throws -> Thrift.TopologyInfo {
        try await info(try await topology(named: name), .all)
    }

    func getTopologyInfoWithOpts(id: String, options: Thrift.GetInfoOptions) async throws -> Thrift.TopologyInfo {
        try await info(try await topology(id: id), options.errorChoice ?? .all)
    }

    func getTopologyInfoByNameWithOpts(
        name: String, options: Thrift.GetInfoOptions
    ) async throws -> Thrift.TopologyInfo {
        try await info(try await topology(named: name), options.errorChoice ?? .all)
    }

    private func info(
        _ base: StormBaseRecord, _ errorChoice: Thrift.NumErrorsChoice
    ) async throws -> Thrift.TopologyInfo {
        let report = try await report(base)
        var info = Thrift.TopologyInfo()
        info.id = base.id
        info.name = base.name
        info.uptimeSecs = SummaryBuilder.seconds(since: base.submittedAtMilliseconds, now: nowMilliseconds)
        info.executors = report.executorSummaries
        info.status = base.status.rawValue
        info.errors = try await errors(base, errorChoice)
        info.componentDebug = base.debug?.mapValues { .init(enable: $0.enabled, samplingPercent: $0.percent) }
        info.stormVersion = configuration.stormVersion
        info.schedStatus = statuses[base.id]
        info.owner = base.owner
        info.replicationCount = try await replicationCount(base)
        return info
    }

    /// The topology with what its workers report.
    func report(_ base: StormBaseRecord) async throws -> TopologyReport {
        let beats = try await readable(state.workerBeats(base.id)).records.values.map(\.record)
        return TopologyReport(
            base: base, assignment: try await readable(state.assignments, base.id), beats: beats)
    }

    private func errors(
        _ base: StormBaseRecord, _ choice: Thrift.NumErrorsChoice
    ) async throws -> [String: [Thrift.ErrorInfo]] {
        var errors: [String: [Thrift.ErrorInfo]] = [:]
        // A worker's own end is recorded under a component that has no tasks.
        let components = Set(base.componentTasks.keys).union(try await state.errors.components(base.id))
        for component in components.sorted() {
            switch choice {
            case .noErrors: errors[component] = []
            case .one:
                let last = try await state.errors.lastError(base.id, component: component)
                errors[component] = last.map { [SummaryBuilder.error($0)] } ?? []
            case .all:
                errors[component] = try await state.errors.errors(base.id, component: component)
                    .map(SummaryBuilder.error)
            }
        }
        return errors
    }

    // MARK: stored topology

    func getTopologyConf(id: String) async throws -> String {
        _ = try await topology(id: id)
        return try ConfJSON.text(try await configurationOf(id))
    }

    func getUserTopology(id: String) async throws -> Thrift.StormTopology {
        let base = try await topology(id: id)
        let bytes = try await content(TopologyBlobs.topology(id), of: base)
        var reader = ThriftReader(bytes: bytes, limits: ThriftLimits(frameBytesMax: Self.storedBytesMax))
        return try Thrift.StormTopology(from: &reader)
    }

    /// With the ackers, which subscribe to what they track.
    func getTopology(id: String) async throws -> Thrift.StormTopology {
        var topology = try await getUserTopology(id: id)
        let base = try await self.topology(id: id)
        if let ackers = base.componentTasks[TopologyPlan.ackerComponent] {
            var common = Thrift.ComponentCommon()
            common.parallelismHint = Int32(clamping: ackers)
            topology.bolts[TopologyPlan.ackerComponent] = Thrift.Bolt(
                boltObject: .javaObject(.init(fullClassName: "swift:acker", argsList: [])), common: common)
        }
        return topology
    }

    /// A topology's Thrift form and configuration are bounded by the frame they came in; this is well above.
    private static var storedBytesMax: Int { 64 << 20 }

    func configurationOf(_ id: String) async throws -> [String: ConfigValue] {
        let base = try await topology(id: id)
        let bytes = try await content(TopologyBlobs.configuration(id), of: base)
        return try ConfJSON.parse(String(decoding: bytes, as: UTF8.self)).merging(base.settings ?? [:]) { $1 }
    }

    private func content(_ key: String, of base: StormBaseRecord) async throws -> [UInt8] {
        guard let blob = base.blobs.first(where: { $0.key == key }) else {
            throw ThriftApplicationException(.internalError, "topology \(base.id) has no blob \(key)")
        }
        if let record = try await catalog.record(key) { try await catalog.ensureSound(record) }
        return try await directory.load(blob.sha256, bytesMax: Self.storedBytesMax)
    }
}
