internal import FoundationEssentials
internal import StormCluster
internal import StormCore
internal import StormManifest
internal import StormProcess

/// Prepares a worker's folder and files and starts its process.
struct WorkerStarter: Sendable {
    let configuration: SupervisorConfiguration
    let supervisorID: String
    let code: CodeStore
    let launcher: any WorkerLauncher
    let time: any TimeSource

    /// - Returns: the process, and what is written down about it.
    /// - Throws: why there is none; the folder may exist then.
    /// - Parameter known: the topology's records as they were read last.
    func start(_ wanted: WantedWorker, known: KnownTopology?, worker: String, port: Int) async throws
        -> (any WorkerProcess, WorkerApproval)
    {
        let paths = configuration.paths
        guard let local = code.present(wanted.topologyID, codeSHA256: wanted.codeSHA256) else {
            throw SupervisorError(.codeUnknown, "the code of \(wanted.topologyID) vanished from \(paths.codes)")
        }
        let logs = paths.logDirectory(wanted.topologyID, port: port)
        for folder in [logs, paths.worker(worker)] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let environment = try noteEnvironment(local, worker)
        let conf = try mergedConf(local, topologyID: wanted.topologyID, known?.assignment.settings ?? [:])
        var manifest = manifest(wanted, worker, port, local, logs, conf)
        manifest.known = known
        manifest.token = known?.base.workerToken ?? ""
        try SystemFile.writeAtomically(paths.manifest(worker), manifest.encoded())
        try SystemFile.makeUntouched(paths.heartbeat(worker))

        var approval = WorkerApproval(
            workerID: worker, port: port, wanted: wanted,
            startedAtMilliseconds: time.epochMilliseconds(), process: nil,
            errorLogOffset: SystemFile.size("\(logs)/\(Self.errorLog)"), silenceMaxSeconds: silenceMax(conf))
        try approval.save(paths.approval(worker))
        let process = try await launcher.launch(launch(local, worker, logs, conf, environment))
        approval.process = process.identity
        do {
            try approval.save(paths.approval(worker))
        } catch {
            // Unknown to a later life of ours it would run for ever beside its successor.
            await process.kill()
            throw error
        }
        return (process, approval)
    }

    /// Notes in the worker's folder which Python environment it has: that one stays as long as the folder.
    /// - Returns: its folder. Another start may change the topology's at any moment.
    private func noteEnvironment(_ local: LocalCode, _ worker: String) throws -> String? {
        guard let environment = local.pythonEnvironment else { return nil }
        try EnvironmentLink.replace(configuration.paths.environmentLink(worker), with: environment)
        return environment
    }

    /// `topology.worker.timeout.secs`, as far as the cluster lets it.
    private func silenceMax(_ conf: [String: ConfigValue]) -> Int? {
        guard case .int(let seconds)? = conf["topology.worker.timeout.secs"], seconds > 0 else { return nil }
        return min(Int(seconds), configuration.silenceMaxSeconds)
    }

    static let outputLog = "worker.log.out"
    static let errorLog = "worker.log.err"
    static let log = "worker.log"

    private func launch(
        _ local: LocalCode, _ worker: String, _ logs: String, _ conf: [String: ConfigValue], _ environment: String?
    ) -> WorkerLaunch {
        WorkerLaunch(
            executable: Self.isProgram(local.code) ? local.code : configuration.stormProgram,
            arguments: ["worker", "--manifest", configuration.paths.manifest(worker)],
            environment: variables(conf, environment), workingDirectory: configuration.paths.worker(worker),
            outputFile: "\(logs)/\(Self.outputLog)", errorFile: "\(logs)/\(Self.errorLog)")
    }

    private func variables(_ conf: [String: ConfigValue], _ environment: String?) -> [String: String] {
        let own = Self.environment(conf)
        let path = own["PATH"] ?? ExecutableSearch.environment()["PATH"]
        return own.merging(PythonEnvironments.variables(environment, path: path)) { $1 }
    }

    private func manifest(
        _ wanted: WantedWorker, _ worker: String, _ port: Int, _ local: LocalCode, _ logs: String,
        _ conf: [String: ConfigValue]
    ) -> WorkerManifest {
        WorkerManifest(
            topologyID: wanted.topologyID, port: port, workerID: worker, supervisorID: supervisorID,
            host: configuration.host, incarnation: wanted.incarnation, executors: wanted.executors,
            paths: .init(
                code: local.code, topology: local.topology, topologyConf: local.topologyConf,
                codeDirectory: local.directory, workerDirectory: configuration.paths.worker(worker), logDirectory: logs,
                logFile: "\(logs)/\(Self.log)"),
            zookeeper: configuration.zookeeper, conf: conf)
    }

    /// The topology's settings win, and over them what rebalances have set.
    func mergedConf(
        _ local: LocalCode, topologyID: String, _ settings: [String: ConfigValue]
    ) throws -> [String: ConfigValue] {
        guard let path = local.topologyConf else { return configuration.conf.merging(settings) { $1 } }
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            let own = try JSONDecoder().decode([String: JSONValue].self, from: data).mapValues(\.value)
            return configuration.conf.merging(own) { $1 }.merging(settings) { $1 }
        } catch {
            throw SupervisorError(
                .badTopologyConfig,
                "the stored configuration of \(topologyID) is not a JSON object (\(path)): \(error)")
        }
    }

    /// A binary program or a script with an interpreter line; anything else is for the `storm` program to read.
    static func isProgram(_ path: String) -> Bool {
        guard let start = SystemFile.read(path, bytesMax: 4) else { return false }
        return start.starts(with: [0x7f, 0x45, 0x4c, 0x46]) || start.starts(with: [0x23, 0x21])
    }

    /// `topology.environment`: a map of texts.
    static func environment(_ conf: [String: ConfigValue]) -> [String: String] {
        guard case .map(let entries)? = conf["topology.environment"] else { return [:] }
        return entries.compactMapValues { value in
            switch value {
            case .string(let text): text
            case .int(let number): String(number)
            case .double(let number): String(number)
            case .bool(let bool): String(bool)
            case .null, .list, .map: nil
            }
        }
    }
}
