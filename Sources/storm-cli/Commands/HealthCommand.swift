import ArgumentParser
import StormConsole
import StormCore
import StormProcess

struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Asks a daemon of this machine whether it is ready; for containers' health checks.",
        discussion: """
            Without a name: every daemon that was started with this storm.local.dir. zookeeper: the servers of \
            storm.zookeeper.servers, of which more than half must answer. ui, logviewer: the one on ui.port, or \
            logviewer.port, of this machine.

            Exit status: 0 when all are ready, 1 when one is not, 3 when nobody answers.
            """)

    enum Target: String, ExpressibleByArgument, CaseIterable { case nimbus, supervisor, ui, logviewer, zookeeper }

    @Argument(help: "nimbus, supervisor, ui, logviewer or zookeeper.")
    var target: Target?

    @Flag(name: .customLong("json"), help: "Print one JSON object.")
    var isJSON = false

    @Option(name: .customLong("timeout"), help: "Seconds for all answers.")
    var timeoutSeconds = 4

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        guard (1...60).contains(timeoutSeconds) else {
            throw ValidationError("--timeout \(timeoutSeconds): 1 to 60 seconds")
        }
    }

    func run() async throws {
        let config = try options.loadForPrompt()
        let limit = Duration.seconds(timeoutSeconds)
        let report =
            target == .zookeeper
            ? await HealthQuestions.askZooKeeper(config.zookeeperAddresses, within: limit)
            : await HealthQuestions.ask(try daemons(config), within: limit)
        for line in isJSON ? [try report.json()] : report.lines { say(line) }
        if let failure = report.failure { throw failure }
    }

    /// By the port that the daemon noted, which need not be the configured one.
    private func daemons(_ config: Config) throws -> [HealthQuestions.Daemon] {
        let names = target.map { [$0.rawValue] } ?? ["nimbus", "supervisor"]
        let noted = names.compactMap { name in
            Self.notedPort(name, config).map { HealthQuestions.Daemon(name: name, port: $0) }
        }
        if !noted.isEmpty { return noted }
        guard let target else {
            throw CommandFailure.unreachable(
                "no daemon runs with the storm.local.dir \(config[.stormLocalDir]); give the daemon's own, with --config "
                    + "FILE or -c storm.local.dir=FOLDER")
        }
        let port = config[Self.portKey(target)]
        guard port > 0 else {
            throw CommandFailure.unreachable(
                "no \(target.rawValue) has noted its port in the storm.local.dir \(config[.stormLocalDir]); give the daemon's "
                    + "own, with --config FILE or -c storm.local.dir=FOLDER")
        }
        return [HealthQuestions.Daemon(name: target.rawValue, port: port)]
    }

    /// Of a daemon that has noted none.
    private static func portKey(_ target: Target) -> ConfigKey<Int> {
        switch target {
        case .nimbus: .nimbusHttpPort
        case .ui: .uiPort
        case .logviewer: .logviewerPort
        case .supervisor, .zookeeper: .supervisorHttpPort
        }
    }

    private static func notedPort(_ daemon: String, _ config: Config) -> Int? {
        let bytes = SystemFile.read(DaemonPages.portFile(daemon, config), bytesMax: 64) ?? []
        return Int(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
