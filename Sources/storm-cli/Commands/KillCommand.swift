import ArgumentParser
import StormCluster
import StormConsole
import StormCore

struct KillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "Ends topologies: the spouts at once, the workers after a wait.",
        discussion: """
            The workers end when the trees under way have finished, at most after the wait. Dead letters stay: \
            storm dlq list shows them. --wait with a number behind it is Storm's, the same as -w.
            """)

    @Argument(help: "Names of topologies.", completion: .topologies)
    var names: [String]

    @Option(
        name: [.customShort("w"), .customLong("wait-time-secs")],
        help: ArgumentHelp(
            "Most seconds until the workers end; without it, the topology's own time.", valueName: "seconds"))
    var waitSeconds: Int?

    @Flag(name: [.customShort("i"), .customLong("ignore-errors")], help: "Go on with the next name after an error.")
    var ignoresErrors = false

    @OptionGroup var wait: WaitOptions

    @Flag(name: .customLong("dry-run"), help: "Show what would be removed, and do nothing.")
    var isDryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        if let waitSeconds, waitSeconds < 0 {
            throw ValidationError("-w \(waitSeconds): the wait must be 0 or more seconds")
        }
        if isDryRun, wait.isOn { throw ValidationError("--dry-run does nothing that --wait could wait for") }
    }

    func run() async throws {
        let config = try options.loadForPrompt()
        if isDryRun { return try await preview(config) }
        let (names, waitSeconds, ignoresErrors) = (names, waitSeconds, ignoresErrors)
        var outcome = try await NimbusAccess.withLeader(config) { nimbus in
            try await TopologyCommands(nimbus: nimbus, say: json ? sayNothing : say).kill(
                names, waitSeconds: waitSeconds, ignoresErrors: ignoresErrors)
        }
        await Self.hint(outcome.killed, config)
        var failure = outcome.failure
        do {
            for index in outcome.killed.indices {
                outcome.killed[index] = try await wait.end(of: outcome.killed[index], .gone, config)
            }
        } catch let error as CommandFailure {
            failure = failure ?? error
        }
        if json { Output.line(try JSONOutput.text(outcome)) }
        if let failure { throw failure }
    }

    /// Says which topologies leave dead letters.
    private static func hint(_ killed: [TopologyOutcome], _ config: Config) async {
        guard !killed.isEmpty else { return }
        // The kill is done: whatever goes wrong here is nobody's concern.
        try? await StoreAccess.withState(config, within: .seconds(1)) { state in
            for topology in killed {
                let count = try await state.deadLetters.letters(topology.id).ids().count
                guard count > 0 else { continue }
                Output.errorLine(
                    "storm: \(topology.name) leaves \(count) dead letters; storm dlq list \(topology.name) shows them")
            }
        }
    }

    private func preview(_ config: Config) async throws {
        let (names, waitSeconds) = (names, waitSeconds)
        let previews = try await StoreAccess.withState(config) { state in
            var previews: [KillPreview] = []
            for name in names { previews.append(try await KillPreview.read(name, waitSeconds, state)) }
            return previews
        }
        if json { return Output.line(try JSONOutput.text(previews)) }
        previews.flatMap(\.lines).forEach(say)
    }
}
