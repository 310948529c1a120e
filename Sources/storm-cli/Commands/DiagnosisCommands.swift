import ArgumentParser
import StormCluster
import StormClusterZooKeeper
import StormConsole
import StormCore
import StormDaemon
import StormProcess
import StormRuntime
import ZooKeeper

struct ExplainTopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says why each executor is where it is, and what a topology waits for.",
        discussion: "Exit status: 0, 1 when there is no such topology, 3 when no ZooKeeper answers.")

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let config = try options.loadForPrompt()
        let hasty = try options.load(plus: ["storm.nimbus.retry.times=0"])
        try await StoreAccess.withStore(config) { store in
            try await ExplainCommand.run(
                name, ClusterState(store), config: hasty, json: json, now: SystemClock().epochMilliseconds(), say: say)
        }
    }
}

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks everything that the configuration names, and says what to do.",
        discussion: """
            Configuration, host names, ZooKeeper, nimbus, supervisors, clocks, and this machine's disk, ports and limits. \
            Exit status: 0, or 1 when a check failed. It makes one ephemeral znode, which it deletes at once, to read \
            ZooKeeper's clock; nothing else is changed.
            """)

    @Flag(help: "Print JSON.")
    var json = false

    @Option(name: .customLong("timeout"), help: "Seconds that each question may take.")
    var timeoutSeconds = 5

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        guard (1...60).contains(timeoutSeconds) else {
            throw ValidationError("--timeout \(timeoutSeconds): 1 to 60 seconds")
        }
    }

    func run() async throws {
        let loader = ConfigLoader(
            file: options.file, options: options.settings, environment: ExecutableSearch.environment())
        let loaded: ConfigLoader.Loaded
        do throws(ConfigFaults) {
            loaded = try loader.load()
        } catch {
            return try show(DoctorReport([.fail("configuration", error.description, "correct it first")]))
        }
        let config = loaded.config
        let warnings = config.notices.filter(\.isWarning).map { "\($0)" }
        let limit = Duration.seconds(timeoutSeconds)
        let doctor = Doctor(
            config, sources: .init(files: loaded.files, searchPath: loader.searchPath, warnings: warnings),
            version: StormVersion.current.version, limit: limit
        ) {
            var settings = StoreAccess.settings(config, chroot: "/")
            settings.connectTimeout = limit
            settings.operationTimeout = limit
            return try await ZooKeeperClient.connect(settings, logger: StoreAccess.quiet)
        }
        try show(await doctor.run())
    }

    private func show(_ report: DoctorReport) throws {
        if json { Output.line(try JSONOutput.text(report)) } else { report.lines.forEach { Output.line($0) } }
        if let failure = report.failure { throw failure }
    }
}
