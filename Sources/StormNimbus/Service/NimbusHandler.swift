import Logging
import StormCluster
import StormCore
import StormSubmission
import StormThrift

/// Storm's Nimbus interface on top of the cluster's state. Answers from the store, never from memory; calls that change
/// the cluster are for the leader and wake the reconciler.
struct NimbusHandler: NimbusService {
    let state: ClusterState
    /// For writes that are the leader's: they fail, with "not a leader" in the text, once it leads no more.
    let leaderState: ClusterState
    let configuration: Nimbus.Configuration
    let leadership: Leadership
    let statuses: SchedulingStatuses
    let directory: BlobDirectory
    let uploads: Uploads
    let blobUploads: BlobUploads
    let downloads: Downloads
    let catalog: BlobCatalog
    let submissions: Submissions
    let history: TopologyHistory
    let kick: Kick
    let time: any TimeSource
    let recordFaults: RecordFaults
    let logger: Logger

    var nowMilliseconds: Int64 { time.epochMilliseconds() }

    /// - Throws: the error that clients of a nimbus that does not lead get, with the leader's address in it.
    func requireLeader(_ what: String) async throws {
        if leadership.isActing { return }
        let leader = try await state.store.currentLeader(ClusterPaths.leaderLock)
        let hint = leader.map { "current leader is \($0)" } ?? "there is no leader at present, try again in a moment"
        throw ThriftApplicationException(.internalError, "\(what): not a leader, \(hint)")
    }

    /// The living topology of that name.
    /// - Throws: `NotAliveException`; another error when a record that cannot be read may be that topology's.
    func topology(named name: String) async throws -> StormBaseRecord {
        let storms = try await readable(state.storms)
        let all = storms.records.values.map(\.record).filter { $0.name == name }
        // Two of a name can only be a killed one that is not gone yet and, never, another: take the newest.
        guard let base = all.max(by: { $0.submittedAtMilliseconds < $1.submittedAtMilliseconds }) else {
            if let fault = storms.fault(named: name) { throw unreadable(name, fault) }
            throw Thrift.NotAliveException(msg: "\(name) is not alive")
        }
        return base
    }

    /// - Throws: `NotAliveException`; another error when its record cannot be read.
    func topology(id: String) async throws -> StormBaseRecord {
        do {
            guard let base = try await state.storms.get(id)?.record else {
                throw Thrift.NotAliveException(msg: "\(id) is not alive")
            }
            return base
        } catch let fault as ClusterRecordError {
            recordFaults.report(fault)
            throw unreadable(id, fault)
        }
    }

    // MARK: life cycle

    func killTopology(name: String) async throws {
        try await killTopologyWithOpts(name: name, options: Thrift.KillOptions())
    }

    func killTopologyWithOpts(name: String, options: Thrift.KillOptions) async throws {
        let killed = try await transition(name, .kill(waitSeconds: options.waitSecs.map(Int.init)))
        do {
            try await history.add(
                .init(id: killed.id, owner: killed.owner, killedAtMilliseconds: nowMilliseconds))
        } catch {
            logger.warning("the history of topologies cannot be written", metadata: ["error": "\(error)"])
        }
    }

    func activate(name: String) async throws { try await transition(name, .activate) }

    func deactivate(name: String) async throws { try await transition(name, .inactivate) }

    func rebalance(name: String, options: Thrift.RebalanceOptions) async throws {
        guard (options.topologyResourcesOverrides ?? [:]).isEmpty else {
            throw Thrift.InvalidTopologyException(
                msg: "resources are not scheduled here; change workers and executors instead")
        }
        let settings: [String: ConfigValue]
        do {
            settings = try TopologySettings.check(try ConfJSON.parse(options.topologyConfOverrides ?? ""))
        } catch let error as LifecycleError {
            throw Thrift.InvalidTopologyException(msg: error.description)
        } catch is InvalidTopologyError {
            throw Thrift.InvalidTopologyException(msg: "its new settings are not a JSON object")
        }
        let request = RebalanceRequest(
            waitSeconds: options.waitSecs.map(Int.init), workers: options.numWorkers.map(Int.init),
            executors: (options.numExecutors ?? [:]).mapValues(Int.init), settings: settings)
        try await transition(name, .rebalance(request))
    }

    var storedConfiguration: StoredConfiguration {
        StoredConfiguration(
            state: state, catalog: catalog, directory: directory, cluster: configuration.cluster)
    }

    /// - Returns: the topology as it is now.
    @discardableResult
    private func transition(_ name: String, _ event: LifecycleEvent) async throws -> StormBaseRecord {
        try await requireLeader(event.name)
        let id = try await topology(named: name).id
        let wait = await storedConfiguration.drainSeconds(id)
        let changed: StormBaseRecord
        do {
            let stored = try await leaderState.storms.update(id) { base in
                (base, _) = try TopologyLifecycle.apply(
                    event, base, nowMilliseconds: nowMilliseconds, defaultWaitSeconds: wait)
            }
            guard let stored else { throw Thrift.NotAliveException(msg: "\(name) is not alive") }
            logger.info(
                "topology \(event.name)",
                metadata: ["topology.id": "\(id)", "status": "\(stored.status.rawValue)"])
            changed = stored
        } catch let error as LifecycleError {
            if case .rebalance = event { throw Thrift.InvalidTopologyException(msg: error.description) }
            throw ThriftApplicationException(.internalError, error.description)
        }
        kick()
        return changed
    }

    // MARK: submit

    func submitTopology(name: String, location: String, jsonConf: String, topology: Thrift.StormTopology) async throws {
        try await submitTopologyWithOpts(
            name: name, location: location, jsonConf: jsonConf, topology: topology,
            options: Thrift.SubmitOptions(initialStatus: .active))
    }

    func submitTopologyWithOpts(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology, options: Thrift.SubmitOptions
    ) async throws {
        try await requireLeader("submitTopology")
        do {
            let id = try await submissions.submit(
                name: name, location: location, jsonConf: jsonConf, topology: topology, options: options)
            logger.info("topology submitted", metadata: ["topology.id": "\(id)"])
        } catch let error as InvalidTopologyError {
            throw Thrift.InvalidTopologyException(msg: error.description)
        }
        kick()
    }

    func isTopologyNameAllowed(name: String) async throws -> Bool {
        guard TopologyName.fault(name) == nil else { return false }
        let storms = try await readable(state.storms)
        return storms.fault(named: name) == nil && !storms.records.values.contains { $0.record.name == name }
    }

    // MARK: code upload

    func beginFileUpload() async throws -> String {
        try await requireLeader("beginFileUpload")
        return try await uploads.begin()
    }

    func uploadChunk(location: String, chunk: [UInt8]) async throws { try await uploads.append(location, chunk) }

    func finishFileUpload(location: String) async throws { try await uploads.finish(location) }
}
