import ArgumentParser
import FoundationEssentials
import StormCluster
import StormConsole
import StormCore
import StormThrift

/// Storm's `admin` with its exit codes: 1 without a subcommand, 2 for one that is not there, 3 when it fails.
struct AdminCommand: AsyncParsableCommand {
    enum Action: String, CaseIterable {
        case removeCorruptTopologies = "remove_corrupt_topologies"
        case zkCli = "zk_cli"
        case creds
        case printTopo = "print_topo"
        case printSuper = "print_super"
        case printAssignment = "print_assignment"
        case help
    }

    /// Any word: one that is not there has Storm's status and a better text than the parser's.
    struct Word: ExpressibleByArgument {
        let text: String

        init(argument: String) { text = argument }

        static var allValueStrings: [String] { Action.allCases.map(\.rawValue) }
    }

    static let configuration = CommandConfiguration(
        commandName: "admin", abstract: "Repairs and prints what the cluster has stored.",
        usage: actionHelp,
        discussion: "Exit status: 0; 1 without a subcommand; 2 for one that is not there; 3 when it fails.")

    static let actionHelp = """
        storm admin remove_corrupt_topologies      forgets topologies whose code is lost
        storm admin zk_cli [-w] [-n] [-s CONNECT] [-t MS] [COMMAND …]
                                                   a shell on the cluster's znodes, or one command of it; -w may change
                                                   them, -n leaves off the root, -t is the time for a connection
        storm admin creds ID …                     names of the credentials of topologies
        storm admin print_topo [ID|FILE] …         topologies as they were submitted
        storm admin print_super [ID] …             supervisors
        storm admin print_assignment [ID] …        assignments
        storm admin help
        """

    @Argument(help: "What to do.")
    var action: Word?

    @Argument(help: "Ids.")
    var ids: [String] = []

    @Flag(name: .customShort("w"), help: "zk_cli: allow changes.")
    var mayWrite = false

    @Flag(name: .customShort("n"), help: "zk_cli: paths from the top of ZooKeeper, not from storm.zookeeper.root.")
    var leavesOffRoot = false

    @Option(name: .customShort("s"), help: "zk_cli: the servers, host:port with commas between.")
    var servers: String?

    @Option(
        name: .customShort("t"),
        help: ArgumentHelp(
            "zk_cli: milliseconds in which a server must answer, and of the session.", valueName: "ms"))
    var timeoutMilliseconds: Int?

    @Flag(help: "Print JSON (print_… always does).")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        guard let timeoutMilliseconds, !(100...3_600_000).contains(timeoutMilliseconds) else { return }
        throw ValidationError("-t \(timeoutMilliseconds): 100 to 3600000 milliseconds")
    }

    func run() async throws {
        guard let action = action?.text else {
            Output.errorLine(Self.actionHelp)
            throw ExitCode(1)
        }
        guard let known = Action(rawValue: action) else {
            let near = KeySuggestion.nearest(to: action, among: Action.allCases.map(\.rawValue))
            let hint = near.map { "did you mean \"\($0)\"? " } ?? ""
            throw CommandFailure.usage("there is no \"admin \(action)\"; \(hint)storm admin help shows all")
        }
        switch known {
        case .help: Output.line(Self.actionHelp)
        case .zkCli: try await shell()
        case .printTopo: try await printTopologies()
        case .creds where ids.isEmpty: throw failure("creds needs ids of topologies")
        case .creds, .removeCorruptTopologies, .printSuper, .printAssignment: try await withRecords(known)
        }
    }

    private func withRecords(_ action: Action) async throws {
        let (ids, json) = (ids, json)
        try await StoreAccess.withStore(try options.loadForPrompt()) { store in
            let commands = AdminCommands(state: ClusterState(store), say: say)
            switch action {
            case .removeCorruptTopologies: try await commands.removeCorruptTopologies(isJSON: json)
            case .creds: try await commands.credentials(ids, isJSON: json)
            case .printSuper: try await commands.supervisors(ids)
            default: try await commands.assignments(ids)
            }
        }
    }

    private func failure(_ text: String) -> CommandFailure {
        CommandFailure(text, exitCode: AdminCommands.failureCode)
    }

    // MARK: print_topo

    /// As in Storm, a file that is there comes before a topology of its name. No id has a slash in it.
    private static func isFile(_ text: String) -> Bool {
        text.contains("/") || FileManager.default.fileExists(atPath: text)
    }

    private func printTopologies() async throws {
        var all: [String: TopologyPrint] = [:]
        let files = ids.filter(Self.isFile)
        for file in files {
            do {
                all[file] = try TopologyPrint(bytes: try ContentFile.reading(file).read(64 << 20))
            } catch let error as CommandFailure {
                throw failure(error.message)
            } catch {
                throw failure("\(file) holds no topology: \(error)")
            }
        }
        let asked = ids.filter { !Self.isFile($0) }
        if !asked.isEmpty || ids.isEmpty {
            let config = try options.loadForPrompt()
            do {
                let stored = try await NimbusAccess.withLeader(config) { nimbus in
                    var found: [String: TopologyPrint] = [:]
                    for id in asked.isEmpty ? try await nimbus.getTopologySummaries().map(\.id) : asked {
                        found[id] = TopologyPrint(try await nimbus.getTopology(id: id))
                    }
                    return found
                }
                all.merge(stored) { $1 }
            } catch let error as CommandFailure {
                throw failure(error.message)
            } catch {
                throw failure(NimbusErrorText.text(error))
            }
        }
        Output.line(try JSONOutput.text(all))
    }

    // MARK: zk_cli

    private func shell() async throws {
        var settings = options.settings
        if leavesOffRoot { settings.append("storm.zookeeper.root=/") }
        if let timeoutMilliseconds {
            settings.append("storm.zookeeper.connection.timeout=\(timeoutMilliseconds)")
            settings.append("storm.zookeeper.session.timeout=\(timeoutMilliseconds)")
        }
        var changed = options
        changed.settings = settings
        let config = try changed.loadForPrompt()
        let addresses = servers.map { $0.split(separator: ",").map(String.init) }
        try await StoreAccess.withStore(config, servers: addresses) { store in
            let shell = CoordinationShell(store: store, mayWrite: mayWrite, say: say)
            if !ids.isEmpty {
                _ = try await carryOut(shell, ids.joined(separator: " "))
                return
            }
            var failures = 0
            while let line = readLine() {
                do {
                    guard try await shell.run(line) else { return }
                } catch let failure as CommandFailure {
                    failures += 1
                    Output.errorLine(failure.line(command: "admin"))
                }
            }
            if failures > 0 { throw failure("\(failures) commands were not carried out") }
        }
    }

    private func carryOut(_ shell: CoordinationShell, _ line: String) async throws -> Bool {
        do {
            return try await shell.run(line)
        } catch let error as CommandFailure {
            throw failure(error.message)
        }
    }
}
