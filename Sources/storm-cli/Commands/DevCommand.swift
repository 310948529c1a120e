import ArgumentParser
import Glibc
import StormConsole
import StormCore
import UnixSignals

struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev", abstract: "Runs a whole cluster on this machine until Ctrl-C.",
        discussion: """
            ZooKeeper, nimbus, supervisors, the web page and the log viewer run as processes of their own; all their state is in one folder. The
            addresses are in FOLDER/conf/storm.yaml: use the cluster from another terminal with
            storm --config FOLDER/conf/storm.yaml list
            """)

    @Option(name: .customLong("dir"), help: "Folder of all state; it stays. Without it: a temporary one.")
    var folder: String?

    @Option(help: "Port of ZooKeeper; without it: any free one.")
    var zookeeperPort: Int?

    @Option(help: "Port of nimbus; without it: any free one.")
    var nimbusPort: Int?

    @Option(help: "Port of the web page; without it: any free one.")
    var uiPort: Int?

    @Option(help: "Supervisors to start (default: 1, storm.dev.supervisors).")
    var supervisors: Int?

    @Option(help: "Slots of each supervisor (default: 4, storm.dev.slots).")
    var slots: Int?

    @Flag(help: "Keep the temporary folder at the end.")
    var keep = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let config = try options.loadForPrompt()
        let asked = DevOptions(
            folder: folder, zookeeperPort: zookeeperPort, nimbusPort: nimbusPort, uiPort: uiPort,
            supervisors: supervisors ?? config[.stormDevSupervisors], slots: slots ?? config[.stormDevSlots],
            keeps: keep)
        signal(SIGPIPE, SIG_IGN)  // a closed terminal must not keep us from taking everything down
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let cluster = try DevCluster(asked, config: config, executable: try Program.path(), say: say)
        try await cluster.run(until: { for await _ in signals { return } })
    }
}

/// This program's own file.
enum Program {
    static func path() throws(CommandFailure) -> String {
        guard let path = realpath("/proc/self/exe", nil) else {
            throw CommandFailure("cannot find this program's own file: \(String(cString: strerror(errno)))")
        }
        defer { free(path) }
        return String(cString: path)
    }
}
