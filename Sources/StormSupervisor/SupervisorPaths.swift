internal import StormCluster
internal import StormManifest
internal import StormProcess

/// Every file and folder of a supervisor. The layout is Storm's where it can be.
package struct SupervisorPaths: Hashable, Sendable {
    /// `storm.local.dir`, absolute.
    package let local: String
    /// `storm.log.dir`, absolute.
    package let logs: String

    package init(local: String, logs: String) {
        self.local = local
        self.logs = logs
    }

    var supervisor: String { "\(local)/supervisor" }
    var lockFile: String { "\(supervisor)/lock" }
    var idFile: String { "\(supervisor)/supervisor-id" }
    var assignmentFile: String { "\(supervisor)/assignments.json" }
    /// Whether a supervisor has worked here before, and knows what to do without being told.
    package var hasFormerLife: Bool { SystemFile.exists(assignmentFile) }
    /// Downloads in progress; emptied at start.
    var temporary: String { "\(supervisor)/tmp" }
    var codes: String { "\(supervisor)/stormdist" }
    var environments: String { "\(local)/environments" }
    /// Half of the hash is enough, and a script's first line, which names a program there, has not room for everything.
    func environment(_ sha256: String) -> String { "\(environments)/\(ClusterPaths.escape(String(sha256.prefix(32))))" }
    var workers: String { "\(local)/workers" }
    var artifacts: String { "\(logs)/workers-artifacts" }

    /// Topology ids come from the store: escaped, so that none can point out of its folder.
    func code(_ topologyID: String) -> String { "\(codes)/\(ClusterPaths.escape(topologyID))" }
    func worker(_ workerID: String) -> String { "\(workers)/\(workerID)" }
    func manifest(_ workerID: String) -> String { "\(worker(workerID))/worker.json" }
    func stopRequest(_ workerID: String) -> String { "\(worker(workerID))/\(WorkerManifest.stopRequestFile)" }
    func heartbeat(_ workerID: String) -> String { "\(worker(workerID))/\(WorkerManifest.heartbeatFile)" }
    /// Leads to the Python environment that the worker was started with; absent when it has none.
    func environmentLink(_ workerID: String) -> String { "\(worker(workerID))/.environment" }
    func approval(_ workerID: String) -> String { "\(worker(workerID))/approval.json" }

    func logDirectory(_ topologyID: String, port: Int) -> String {
        "\(artifacts)/\(ClusterPaths.escape(topologyID))/\(port)"
    }

    /// Made at start.
    var folders: [String] { [supervisor, temporary, codes, workers, artifacts] }
}
