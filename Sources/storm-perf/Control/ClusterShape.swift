import StormCluster
import StormCore
import StormNimbus

/// A cluster of some size, made up: machines that are all alike, topologies that are all alike.
struct ClusterShape: Codable, Hashable, Sendable {
    var supervisors = 1_000
    /// Of each supervisor; more than the workers need, so that a lost machine's work has somewhere to go.
    var slots = 12
    var topologies = 100
    /// Of all topologies together.
    var workers = 10_000
    /// Of all topologies together.
    var executors = 100_000

    /// What is wrong with it; nil: nothing.
    var fault: String? {
        for (name, value) in [
            ("supervisors", supervisors), ("slots", slots), ("topologies", topologies), ("workers", workers),
            ("executors", executors),
        ] where value < 1 { return "--\(name) is \(value); it must be at least 1" }
        if workers < topologies { return "--workers is \(workers); each of \(topologies) topologies needs one" }
        if executors < workers { return "--executors is \(executors); each of \(workers) workers needs one" }
        return nil
    }

    enum CodingKeys: String, CodingKey {
        case supervisors, slots, topologies, workers, executors
    }

    static let host = "worker-"
    static let firstPort = 6700

    var ports: [Int] { Array(Self.firstPort..<(Self.firstPort + slots)) }

    /// As long as the ids that supervisors make for themselves.
    static func supervisorID(_ index: Int) -> String { "9b7c0a52-1f0e-4d0b-8a52-\(100_000_000_000 + index)" }

    func supervisor(_ index: Int) -> SupervisorRecord {
        SupervisorRecord(
            id: Self.supervisorID(index), host: "\(Self.host)\(index).example.org", ports: ports, pid: 1,
            startedAtMilliseconds: 1_700_000_000_000, stormVersion: "storm-perf",
            resources: ["cpu.pcore.percent": 400, "memory.mb": 4096])
    }

    static func topologyID(_ index: Int) -> String { "topology-\(index)-\(index + 1)-1700000000" }

    /// - Parameter sha256: of the one content that all blobs have.
    func topology(_ index: Int, sha256: String, sizeBytes: Int64) -> StormBaseRecord {
        let id = Self.topologyID(index)
        let workerCount = share(workers, index)
        let components = Self.components(share(executors, index), ackers: workerCount)
        return StormBaseRecord(
            name: "topology-\(index)", id: id, status: .active, owner: "ann",
            submittedAtMilliseconds: 1_700_000_000_000 + Int64(index), workers: workerCount,
            componentExecutors: components, componentTasks: components,
            blobs: TopologyBlobs.keys(id).map { BlobReference(key: $0, sha256: sha256, sizeBytes: sizeBytes) })
    }

    private func share(_ total: Int, _ index: Int) -> Int {
        let (size, more) = total.quotientAndRemainder(dividingBy: topologies)
        return index < more ? size + 1 : size
    }

    /// An acker for each worker, and the rest among a spout and three bolts.
    static func components(_ executors: Int, ackers: Int) -> [String: Int] {
        let ackerCount = min(ackers, executors / 5)
        let rest = executors - ackerCount
        var components = ["count": rest / 4, "enrich": rest / 4, "parse": rest / 4]
        components["spout"] = rest - 3 * (rest / 4)
        components["__acker"] = ackerCount
        return components.filter { $0.value > 0 }
    }

    func bases(sha256: String = "00", sizeBytes: Int64 = 1) -> [StormBaseRecord] {
        (0..<topologies).map { topology($0, sha256: sha256, sizeBytes: sizeBytes) }
    }
}
