import ArgumentParser
import Glibc
import Logging
import NIOCore
import ServiceLifecycle
import StormClusterZooKeeper
import StormConsole
import StormCore
import StormDaemon
import StormNimbus
import StormProcess
import StormRuntime
import StormSupervisor
import ZooKeeper

struct NimbusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nimbus", abstract: "Runs the master: takes topologies and assigns their tasks to supervisors.")

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let daemon = try Daemon("nimbus", try options.load())
        let folder = LocalPath.absolute(daemon.config[.stormLocalDir]) + "/nimbus"
        // Before anything is noted there: another one may live in it.
        let lock = try await NimbusFolder.take(folder)
        defer { withExtendedLifetime(lock) {} }
        let store = try await daemon.connect()
        let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(getuid())"
        var configuration = Nimbus.Configuration(
            daemon.config, host: daemon.config[.stormLocalHostname] ?? LocalHost.name,
            directory: folder,
            stormVersion: StormVersion.current.version, pid: Int(getpid()), user: user)
        if LoopbackName.includes(configuration.host) { configuration.bindHost = "127.0.0.1" }
        if let files = OwnProcess.read().openFilesMax {
            // The other half is for blobs, pages and the coordination store.
            configuration.connectionsMax = max(16, min(configuration.connectionsMax, files / 2))
        }
        let pages = try await daemon.pages(host: configuration.host, port: daemon.config[.nimbusHttpPort])
        configuration.httpPort = pages.port
        let nimbus = Nimbus(configuration: configuration, store: store, time: SystemClock(), logger: daemon.logger)
        pages.board.add(NimbusPages(nimbus))
        pages.board.add(LogKeeping(daemon.config).links)
        try await daemon.run(NimbusService(nimbus: nimbus), store, pages)
    }
}

struct SupervisorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervisor", abstract: "Runs the workers of this machine, one per port of supervisor.slots.ports."
    )

    @OptionGroup var options: ConfigOptions

    @Flag(help: "At the end stop the workers too; otherwise they go on and the next supervisor takes them over.")
    var stopWorkers = false

    @Flag(help: "When asked to stop, first have nimbus move what runs here to other machines, without a failed tuple.")
    var drain = false

    func run() async throws {
        let daemon = try Daemon("supervisor", try options.load())
        let program = try Program.path()
        var configuration = SupervisorConfiguration(daemon.config, stopsWorkers: stopWorkers, program: program)
        if drain { configuration.drainLimit = daemon.config.duration(.supervisorDrainTimeoutSecs) }
        // With the last known assignments on its disk it keeps its workers going, ZooKeeper or not.
        let store =
            configuration.paths.hasFormerLife ? try daemon.connectLater() : try await daemon.connect()
        let pages = try await daemon.pages(host: configuration.host, port: daemon.config[.supervisorHttpPort])
        configuration.httpPort = pages.port
        let supervisor = try Supervisor(
            configuration, store: store,
            blobs: NimbusBlobSource(daemon.config), launcher: ChildWorkerLauncher(), logger: daemon.logger)
        pages.board.add(SupervisorPages(supervisor))
        let logs = LogKeeping(daemon.config)
        pages.board.add(logs.pages)
        pages.board.add(logs.links)
        let cleaning = Task { [logger = daemon.logger] in await logs.keep(logger) }
        defer { cleaning.cancel() }
        let (grace, drainLimit) = (daemon.config.duration(.stormShutdownGraceSecs), configuration.drainLimit)
        try await daemon.run(
            SupervisorService(supervisor: supervisor), store, pages, grace: drainLimit.map { $0 + grace })
    }
}

/// What all daemons do alike: logging, the connection to ZooKeeper, the end.
struct Daemon {
    let name: String
    let config: Config
    let logger: Logger

    /// Logs to a file in `storm.log.dir` when that is set, else to standard output, where containers look for logs;
    /// standard error is for the one line that says why the daemon did not start.
    init(_ name: String, _ config: Config) throws {
        self.name = name
        self.config = config
        let target: LogSetup.Target = config.isSet("storm.log.dir") ? .file(name: "\(name).log") : .standardOutput
        do {
            logger = try LogSetup(config: config, target: target).logger(name)
        } catch {
            throw CommandFailure("\(error)")
        }
        logger.tell(config.notices)
        // Sockets of a control daemon are idle nearly always; one thread serves them all.
        NIOSingletons.groupLoopCountSuggestion = 1
        NIOSingletons.blockingPoolThreadCountSuggestion = 2
    }

    func connect() async throws -> ZooKeeperStore {
        do {
            return try await ZooKeeperStore.connect(zookeeper, logger: logger)
        } catch {
            throw CommandFailure.unreachable(
                "no ZooKeeper answers at \(config.zookeeperAddresses.joined(separator: ", ")); start it, or set "
                    + "storm.zookeeper.servers and storm.zookeeper.port")
        }
    }

    /// A store whose calls wait until there is a ZooKeeper.
    func connectLater() throws -> ZooKeeperStore {
        ZooKeeperStore(try ZooKeeperClient(zookeeper, logger: logger))
    }

    private var zookeeper: ZooKeeperConfiguration {
        var configuration = ZooKeeperConfiguration(servers: config.zookeeperAddresses)
        configuration.chroot = config[.stormZookeeperRoot]
        configuration.createsChroot = true
        configuration.sessionTimeout = config.duration(.stormZookeeperSessionTimeout)
        configuration.connectTimeout = config.duration(.stormZookeeperConnectionTimeout)
        return configuration
    }

    /// The port for its pages, with none on it yet.
    func pages(host: String, port: Int) async throws -> DaemonPages {
        do {
            return try await DaemonPages(name, host: host, port: port, config: config, logger: logger)
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    func run(
        _ service: any Service, _ store: ZooKeeperStore, _ pages: DaemonPages, grace: Duration? = nil
    ) async throws {
        pages.note()
        let reporting = ReportingService(service: service)
        let exit = await DaemonMain.run([reporting], config: config, grace: grace, logger: logger)
        await pages.close()
        await store.close()
        guard exit != .success else { return }
        throw CommandFailure(reporting.failure ?? "the daemon stopped with an error, see its log", exitCode: exit.code)
    }
}
