import Logging
import StormCluster
import StormCore
import StormSubmission
import StormThrift

/// Takes submitted topologies into the cluster: checks, stores the contents on disk, hands over to `SubmissionCommit`.
struct Submissions: Sendable {
    /// Writes are the leader's.
    let store: FencedStore
    let configuration: Nimbus.Configuration
    let directory: BlobDirectory
    let uploads: Uploads
    let catalog: BlobCatalog
    let counter: SubmissionCounter
    let pending: PendingSubmits
    let time: any TimeSource
    let clock: any Clock<Duration>
    let logger: Logger

    /// What has been checked and is ready to be stored.
    private struct Prepared {
        let description: TopologyDescription
        let plan: TopologyPlan
        /// Without `storm.id`.
        let configuration: [String: ConfigValue]
        let workers: Int
        let code: ContentHash
        let replication: ReplicationGoal
    }

    /// - Returns: the new topology's id.
    /// - Throws: `InvalidTopologyError`, `Thrift.AlreadyAliveException`, `CoordinationError`, `DiskError`,
    ///   `TransferError`.
    func submit(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology, options: Thrift.SubmitOptions
    ) async throws -> String {
        if let fault = TopologyName.fault(name) { throw InvalidTopologyError([TopologyFault(fault)]) }
        let prepared = try await prepare(name, location, jsonConf, topology)
        var writer = ThriftWriter()
        topology.write(to: &writer)
        let topologyContent = try await store(writer.bytes)
        // One leadership from the first step to the last: a later one of this process would not know of the first.
        let commit = SubmissionCommit(
            store: try store.pinned(), catalog: catalog, pending: pending, clock: clock, logger: logger)
        for _ in 0..<8 {
            try await commit.checkFree(name)
            let now = time.epochMilliseconds()
            let id = "\(name)-\(counter.next())-\(now / 1000)"
            let confContent = try await storeConfiguration(id, prepared)
            let blobs = [
                (TopologyBlobs.code(id), prepared.code), (TopologyBlobs.topology(id), topologyContent),
                (TopologyBlobs.configuration(id), confContent),
            ].map { BlobReference(key: $0, sha256: $1.sha256, sizeBytes: $1.sizeBytes) }
            let draft = SubmissionDraft(
                base: record(name, id, prepared, blobs, options, now),
                credentials: options.credentials?.credentials ?? [:], replication: prepared.replication)
            do {
                try await commit.run(draft)
                return id
            } catch let error as CoordinationError where error.code == .nodeExists {
                // An id of another nimbus, taken in the same second: the next one is free.
                continue
            }
        }
        throw CoordinationError(.nodeExists, ClusterPaths.storms, detail: "no free id for topology '\(name)'")
    }

    private func storeConfiguration(_ id: String, _ prepared: Prepared) async throws -> ContentHash {
        var configuration = prepared.configuration
        configuration["storm.id"] = .string(id)
        return try await store(Array(ConfJSON.text(configuration).utf8))
    }

    private func store(_ bytes: [UInt8]) async throws -> ContentHash {
        let content = try await directory.store(bytes, unique: UniqueName.next())
        try await catalog.vouch(for: content.sha256)
        return content
    }

    private func record(
        _ name: String, _ id: String, _ prepared: Prepared, _ blobs: [BlobReference], _ options: Thrift.SubmitOptions,
        _ now: Int64
    ) -> StormBaseRecord {
        let components = prepared.plan.components
        var owner = configuration.user
        if case .string(let user)? = prepared.configuration["topology.submitter.user"], !user.isEmpty { owner = user }
        var record = StormBaseRecord(
            name: name, id: id, status: options.initialStatus == .inactive ? .inactive : .active, owner: owner,
            submittedAtMilliseconds: now, workers: prepared.workers,
            componentExecutors: Dictionary(uniqueKeysWithValues: components.map { ($0.id, $0.executors.count) }),
            componentTasks: Dictionary(uniqueKeysWithValues: components.map { ($0.id, $0.tasks.count) }), blobs: blobs)
        record.workerToken = WorkerToken.make()
        return record
    }

    private func prepare(
        _ name: String, _ location: String, _ jsonConf: String, _ topology: Thrift.StormTopology
    ) async throws -> Prepared {
        var conf = try ConfJSON.parse(jsonConf)
        let description = try TopologyConversion.description(topology)
        try description.validate()
        func setting(_ key: String) -> ConfigValue? {
            [conf[key], configuration.cluster[key]].compactMap(\.self).first { !$0.isNull }
        }
        let workers = try count(setting("topology.workers"), "topology.workers", atLeast: 1) ?? 1
        let ackers = try count(setting("topology.acker.executors"), "topology.acker.executors", atLeast: 0) ?? workers
        let cap = try count(setting("topology.max.task.parallelism"), "topology.max.task.parallelism", atLeast: 1)
        let plan = try TopologyPlan(description, ackers: ackers, maxTaskParallelism: cap)
        try checkSize(plan, workers)
        // Workers compute the same plan from the stored configuration alone, whatever the cluster's is by then.
        conf["topology.workers"] = .int(workers)
        conf["topology.acker.executors"] = .int(ackers)
        if let cap { conf["topology.max.task.parallelism"] = .int(cap) }
        conf["topology.name"] = .string(name)
        guard let code = await uploads.finished(location),
            try await directory.has(code.sha256, sizeBytes: code.sizeBytes)
        else {
            throw InvalidTopologyError([
                TopologyFault("there is no finished upload '\(location)' here; upload the program again")
            ])
        }
        if case .string(let key)? = setting("topology.python.environment"),
            try await ClusterState(store).blobs.get(key) == nil
        {
            throw InvalidTopologyError([
                TopologyFault("'topology.python.environment' names '\(key)', and there is no stored file of that name")
            ])
        }
        try await CodeCheck.check(topology, description, code: directory.path(code.sha256))
        let copies = try count(
            setting(ReplicationGoal.countKey), ReplicationGoal.countKey, atLeast: 1)
        let wait = try count(
            setting(ReplicationGoal.waitKey), ReplicationGoal.waitKey, atLeast: -1)
        return Prepared(
            description: description, plan: plan, configuration: conf, workers: workers, code: code,
            replication: ReplicationGoal(count: copies ?? 1, waitSeconds: wait ?? 60))
    }

    private func count(_ value: ConfigValue?, _ key: String, atLeast least: Int) throws -> Int? {
        guard let value else { return nil }
        guard let count = value.intValue, count >= least, count <= 1_000_000 else {
            throw InvalidTopologyError([
                TopologyFault("'\(key)' is \(value); it must be a whole number from \(least) on")
            ])
        }
        return count
    }

    private func checkSize(_ plan: TopologyPlan, _ workers: Int) throws {
        var faults: [TopologyFault] = []
        if let most = configuration.slotsPerTopologyMax, workers > most {
            faults.append(TopologyFault("it wants \(workers) workers; 'nimbus.slots.perTopology' allows \(most)"))
        }
        let executors = plan.executors.count
        if let most = configuration.executorsPerTopologyMax, executors > most {
            faults.append(TopologyFault("it has \(executors) executors; 'nimbus.executors.perTopology' allows \(most)"))
        }
        if !faults.isEmpty { throw InvalidTopologyError(faults) }
    }
}
