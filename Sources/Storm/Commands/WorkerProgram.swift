import FoundationEssentials
import Logging
import NIOCore
import StormCluster
import StormClusterZooKeeper
import StormConsole
package import StormCore
import StormDaemon
package import StormManifest
import StormProcess
import StormSubmission
package import StormThrift
package import StormTopology
import StormWorker
import ZooKeeper

/// A worker of a cluster, as its supervisor's manifest says; whoever runs it says how its topology is made.
package struct WorkerProgram: Sendable {
    /// Makes the topology that runs; also gets it as nimbus stored it, if it did.
    package typealias Build =
        @Sendable (_ manifest: WorkerManifest, _ stored: Thrift.StormTopology?, _ config: Config) throws -> Topology

    private let manifestPath: String
    private let build: Build

    package init(manifestPath: String, build: @escaping Build) {
        self.manifestPath = manifestPath
        self.build = build
    }

    /// Runs until the worker is not wanted any more. Call it once in a process.
    package func run() async throws {
        let manifest: WorkerManifest
        do {
            manifest = try WorkerManifest.load(manifestPath)
        } catch {
            throw CommandFailure("worker: \(manifestPath) cannot be read: \(error)")
        }
        StandardOutput.bufferByLine()
        // One thread carries all sockets of a worker; more would only add memory.
        NIOSingletons.groupLoopCountSuggestion = 1
        let config = try Config.resolve([ConfigLayer(manifest.conf, from: .program("the worker's manifest"))])
        let levels = RuntimeLogLevels()
        var logging = LogSetup(
            level: Logger.Level(rawValue: config[.stormLogLevel]) ?? .info,
            format: LogFormat(rawValue: config[.stormLogFormat]) ?? .text,
            sink: try RotatingFileSink(
                path: manifest.paths.logFile, bytesMax: config[.stormLogFileSizeMaxMb] << 20,
                filesMax: config[.stormLogFilesMax]))
        logging.levels = levels
        var logger = logging.logger("worker")
        logger[key: .topologyID] = "\(manifest.topologyID)"
        logger[key: .worker] = "\(manifest.host):\(manifest.port)"
        let service = StoppableService { [logger] stop in
            do {
                try await work(manifest, config, stop, levels, logger)
            } catch {
                // The supervisor shows the last lines of standard error with the worker's exit.
                DescriptorSink.standardError.write("storm: worker: \(error)\n")
                throw error
            }
        }
        // A worker that is asked to stop goes on until its executors are moved, which has a limit of its own.
        let grace = Worker.moveLimit(config) + config.duration(.stormShutdownGraceSecs)
        let exit = await DaemonMain.run([service], config: config, grace: grace, logger: logger)
        if exit != .success { throw ExitedWorker(code: exit.code) }
    }

    private func work(
        _ manifest: WorkerManifest, _ config: Config, _ stop: AsyncStream<Void>, _ levels: RuntimeLogLevels,
        _ logger: Logger
    ) async throws {
        let stored = try manifest.storedTopology()
        let topology = try build(manifest, stored, config)
        let submitted = try stored.map { try TopologyConversion.description($0) }
        // Not waited for: a worker starts without ZooKeeper too, and joins when it answers.
        let store = ZooKeeperStore(try ZooKeeperClient(ZooKeeperConfiguration(manifest.zookeeper), logger: logger))
        var worker = Worker(
            manifest: manifest, config: config, topology: topology, submitted: submitted, state: ClusterState(store),
            version: StormVersion.current.version, logger: logger,
            makeNetwork: { _ in TransportNetwork(manifest, logger: logger) })
        worker.setLogLevels = { levels.set($0) }
        do {
            try await worker.run(stop: stop)
            await store.close()
        } catch {
            await store.close()
            throw error
        }
    }
}

extension WorkerManifest {
    /// - Throws: when the file cannot be read or understood.
    fileprivate func storedTopology() throws -> Thrift.StormTopology? {
        guard let path = paths.topology else { return nil }
        return try Thrift.StormTopology(stored: Array(try Data(contentsOf: URL(filePath: path))))
    }
}

/// A worker that ended with an error, which it has told already.
struct ExitedWorker: Error, CustomStringConvertible {
    let code: Int32

    var description: String { "the worker ended with code \(code), see its log" }
}

extension ZooKeeperConfiguration {
    init(_ manifest: WorkerManifest.ZooKeeper) {
        self.init(servers: manifest.servers)
        sessionTimeout = .milliseconds(manifest.sessionTimeoutMilliseconds)
        connectTimeout = .milliseconds(manifest.connectionTimeoutMilliseconds)
        chroot = manifest.root
        createsChroot = true
    }
}
