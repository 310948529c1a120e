import Logging
import StormCluster
import StormCore
import StormSubmission
import StormThrift

/// Takes submitted topologies into the cluster.
///
/// The contents go to disk first, unreferenced; then one `multi` creates everything the cluster remembers of the
/// topology. A crash before it leaves files that the next rounds collect, a crash after it leaves a complete topology.
struct Submissions: Sendable {
    let state: ClusterState
    let configuration: Nimbus.Configuration
    let directory: BlobDirectory
    let uploads: Uploads
    let catalog: BlobCatalog
    let counter: SubmissionCounter
    let time: any TimeSource

    /// What has been checked and is ready to be stored.
    private struct Prepared {
        let description: TopologyDescription
        let plan: TopologyPlan
        /// Without `storm.id`.
        let configuration: [String: ConfigValue]
        let workers: Int
        let code: ContentHash
    }

    /// - Returns: the new topology's id.
    /// - Throws: `InvalidTopologyError`, `Thrift.AlreadyAliveException`, `CoordinationError`, `DiskError`.
    func submit(
        name: String, location: String, jsonConf: String, topology: Thrift.StormTopology, options: Thrift.SubmitOptions
    ) async throws -> String {
        if let fault = TopologyName.fault(name) { throw InvalidTopologyError([TopologyFault(fault)]) }
        let prepared = try await prepare(name, location, jsonConf, topology)
        var writer = ThriftWriter()
        topology.write(to: &writer)
        let topologyContent = try await directory.store(writer.bytes, unique: UniqueName.next())
        // Somebody else may submit or remove at the same moment: the version of /storms tells, and we look again.
        for _ in 0..<8 {
            guard let storms = try await state.store.get(ClusterPaths.storms) else {
                throw CoordinationError(.noNode, ClusterPaths.storms)
            }
            if try await state.storms.all().values.contains(where: { $0.record.name == name }) {
                throw Thrift.AlreadyAliveException(msg: "topology '\(name)' is alive already")
            }
            let now = time.epochMilliseconds()
            let id = "\(name)-\(counter.next())-\(now / 1000)"
            let confContent = try await storeConfiguration(id, prepared)
            let blobs = [
                (TopologyBlobs.code(id), prepared.code), (TopologyBlobs.topology(id), topologyContent),
                (TopologyBlobs.configuration(id), confContent),
            ].map { BlobReference(key: $0, sha256: $1.sha256, sizeBytes: $1.sizeBytes) }
            let base = record(name, id, prepared, blobs, options, now)
            do {
                try await state.store.multi(
                    steps(base, options, stormsVersion: storms.version, now))
            } catch let error as CoordinationError where error.code == .badVersion || error.code == .nodeExists {
                continue
            }
            for blob in blobs { try await catalog.announce(blob.key, blob.sha256) }
            return id
        }
        throw CoordinationError(.badVersion, ClusterPaths.storms, detail: "too many submits at the same time")
    }

    private func storeConfiguration(_ id: String, _ prepared: Prepared) async throws -> ContentHash {
        var configuration = prepared.configuration
        configuration["storm.id"] = .string(id)
        return try await directory.store(Array(ConfJSON.text(configuration).utf8), unique: UniqueName.next())
    }

    private func steps(
        _ base: StormBaseRecord, _ options: Thrift.SubmitOptions, stormsVersion: Int32, _ now: Int64
    ) throws -> [CoordinationOperation] {
        var steps: [CoordinationOperation] = [
            .set(path: ClusterPaths.storms, data: [], expectedVersion: stormsVersion)
        ]
        for blob in base.blobs {
            let record = BlobRecord(
                key: blob.key, sha256: blob.sha256, sizeBytes: blob.sizeBytes, createdAtMilliseconds: now,
                owner: base.owner)
            steps.append(
                .create(path: ClusterPaths.blob(blob.key), data: try RecordCodec.encode(record), mode: .persistent))
        }
        for directory in [ClusterPaths.workerBeats(base.id), ClusterPaths.errors(base.id)] {
            steps.append(.create(path: directory, data: [], mode: .persistent))
        }
        if let credentials = options.credentials?.credentials, !credentials.isEmpty {
            let record = CredentialsRecord(credentials: credentials)
            steps.append(
                .create(
                    path: ClusterPaths.credentials(base.id), data: try RecordCodec.encode(record), mode: .persistent))
        }
        steps.append(
            .create(path: ClusterPaths.storm(base.id), data: try RecordCodec.encode(base), mode: .persistent))
        return steps
    }

    private func record(
        _ name: String, _ id: String, _ prepared: Prepared, _ blobs: [BlobReference], _ options: Thrift.SubmitOptions,
        _ now: Int64
    ) -> StormBaseRecord {
        let components = prepared.plan.components
        var owner = configuration.user
        if case .string(let user)? = prepared.configuration["topology.submitter.user"], !user.isEmpty { owner = user }
        return StormBaseRecord(
            name: name, id: id, status: options.initialStatus == .inactive ? .inactive : .active, owner: owner,
            submittedAtMilliseconds: now, workers: prepared.workers,
            componentExecutors: Dictionary(uniqueKeysWithValues: components.map { ($0.id, $0.executors.count) }),
            componentTasks: Dictionary(uniqueKeysWithValues: components.map { ($0.id, $0.tasks.count) }), blobs: blobs)
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
        guard let code = await uploads.finished(location), try await directory.has(code.sha256) else {
            throw InvalidTopologyError([
                TopologyFault("there is no finished upload '\(location)' here; upload the program again")
            ])
        }
        return Prepared(description: description, plan: plan, configuration: conf, workers: workers, code: code)
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
