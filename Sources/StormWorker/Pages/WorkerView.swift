import Glibc
package import StormCluster
package import StormCore
import StormManifest
package import StormRuntime

/// What the pages of a worker look at.
package struct WorkerView: Sendable {
    package let topologyID: String
    package let host: String
    package let port: Int
    package let status: WorkerStatus
    package let engine: TopologyEngine
    let clock: any TimeSource
    let startedNanoseconds: Int64
    /// What the network threw away, by `DropReason`.
    let networkDrops: @Sendable () -> [String: Int]
    /// Nil: it cannot be asked.
    let traffic: @Sendable () -> NetworkTraffic?
    let storeTraffic: @Sendable () -> CoordinationTraffic
    /// The supervisor's id.
    let node: String
    let version: String

    package init(
        topologyID: String, host: String, port: Int, status: WorkerStatus, engine: TopologyEngine,
        clock: any TimeSource, startedNanoseconds: Int64,
        networkDrops: @escaping @Sendable () -> [String: Int] = { [:] },
        traffic: @escaping @Sendable () -> NetworkTraffic? = { nil },
        storeTraffic: @escaping @Sendable () -> CoordinationTraffic = { CoordinationTraffic() }, node: String = "",
        version: String = ""
    ) {
        self.topologyID = topologyID
        self.host = host
        self.port = port
        self.status = status
        self.engine = engine
        self.clock = clock
        self.startedNanoseconds = startedNanoseconds
        self.networkDrops = networkDrops
        self.traffic = traffic
        self.storeTraffic = storeTraffic
        self.node = node
        self.version = version
    }

    init(_ worker: Worker, _ engine: TopologyEngine, _ network: any WorkerNetwork, startedNanoseconds: Int64) {
        self.init(
            topologyID: worker.manifest.topologyID, host: worker.manifest.host, port: worker.manifest.port,
            status: worker.status, engine: engine, clock: worker.clock, startedNanoseconds: startedNanoseconds,
            // The network knows the pages: they must not keep it.
            networkDrops: { [weak network] in network?.dropped ?? [:] },
            traffic: { [weak network] in network?.traffic },
            storeTraffic: { [state = worker.state] in state.store.traffic }, node: worker.manifest.supervisorID,
            version: worker.version)
    }

    var pid: Int { Int(getpid()) }
    var uptimeSeconds: Int { Int((clock.monotonicNanoseconds() - startedNanoseconds) / 1_000_000_000) }

    /// Everything that was thrown away in this worker and is not counted by a spout task.
    var dropped: [String: Int] { engine.dropped.merging(networkDrops()) { $0 + $1 } }

    /// Spout tasks of this worker that are not among the given ones.
    func silentTasks(besides answered: [Int]) -> [Int] {
        let answered = Set(answered)
        return engine.spoutTasks.map { Int($0.rawValue) }.filter { !answered.contains($0) }
    }
}
