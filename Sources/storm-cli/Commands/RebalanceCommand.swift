import ArgumentParser
import StormCluster
import StormConsole
import StormCore
import StormNimbus
import StormRuntime
import StormThrift

struct RebalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebalance",
        abstract: "Spreads a running topology anew, with more or fewer workers and executors.",
        discussion: """
            The spouts stop, the trees under way finish, then executors move and the spouts go on: no tuple fails. It \
            takes as long as the trees need, at most the wait. Workers whose executors stay go on running. A component \
            can have as many executors as it has tasks, and no more. Settings of the topology (-t, and -c of its keys) \
            are stored with it and restart all its workers. --wait with a number behind it is Storm's, the same as -w.
            """)

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Option(
        name: [.customShort("w"), .customLong("wait-time-secs")],
        help: ArgumentHelp(
            "Most seconds that trees get to finish; without it, topology.drain.timeout.secs.", valueName: "seconds"))
    var waitSeconds: Int?

    @Option(name: [.customShort("n"), .customLong("num-workers")], help: "New number of workers.")
    var workers: Int?

    @Option(
        name: [.customShort("e"), .customLong("executor")],
        help: ArgumentHelp("New number of executors of a component. May be repeated.", valueName: "component=number"),
        completion: .components)
    var executors: [String] = []

    @Option(
        name: [.customShort("t"), .customLong("topology-conf")],
        help: ArgumentHelp("New settings of the topology, a JSON object; -c key=value wins.", valueName: "json"))
    var settings: String?

    @Option(
        name: [.customShort("r"), .customLong("resources")],
        help: ArgumentHelp("Storm's resource overrides; refused, slots are what is scheduled here.", valueName: "json"))
    var resources: String?

    @OptionGroup var wait: WaitOptions

    @Flag(name: .customLong("dry-run"), help: "Show which executors would move where, and do nothing.")
    var isDryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        if let waitSeconds, waitSeconds < 0 {
            throw ValidationError("-w \(waitSeconds): the wait must be 0 or more seconds")
        }
        if let workers, workers < 1 { throw ValidationError("-n \(workers): there must be 1 or more workers") }
        if resources != nil {
            throw ValidationError(
                "-r: resources are not scheduled here; change executors with -e and workers with -n")
        }
        if isDryRun, wait.isOn { throw ValidationError("--dry-run does nothing that --wait could wait for") }
        _ = try counts()
    }

    func run() async throws {
        let counts = try counts()
        let config = try options.loadForPrompt()
        let overrides = try TopologyOverrides.parse(json: settings, config: config)
        let request = RebalanceRequest(
            waitSeconds: waitSeconds, workers: workers, executors: counts, settings: overrides)
        if isDryRun { return try await preview(request, config) }
        let rebalance = Thrift.RebalanceOptions(
            waitSecs: waitSeconds.map { Int32(clamping: $0) }, numWorkers: workers.map { Int32(clamping: $0) },
            numExecutors: counts.isEmpty ? nil : counts.mapValues { Int32(clamping: $0) },
            topologyConfOverrides: overrides.isEmpty ? nil : ConfigValue.map(overrides).description)
        let outcome = try await NimbusAccess.withLeader(config) { nimbus in
            try await TopologyCommands(nimbus: nimbus, say: json ? sayNothing : say).rebalance(name, rebalance)
        }
        Self.tell(outcome.limited, counts)
        try await wait.finish(outcome, .running, config, isJSON: json)
    }

    /// Says which components get fewer executors than were asked for.
    private static func tell(_ limited: [String: Int]?, _ asked: [String: Int]) {
        for (component, tasks) in (limited ?? [:]).sorted(by: { $0.key < $1.key }) {
            Output.errorLine(
                "storm: rebalance: \(component) gets \(tasks) executors, not \(asked[component] ?? tasks): it has no more tasks"
            )
        }
    }

    private func preview(_ asked: RebalanceRequest, _ config: Config) async throws {
        let name = name
        var request = asked
        do {
            request.settings = try TopologySettings.check(asked.settings)
        } catch let error as LifecycleError {
            throw CommandFailure("\(name): \(error.description)")
        }
        let checked = request
        let report = try await StoreAccess.withState(config) { state in
            let base = try await state.topology(named: name)
            do {
                let preview = try RebalancePreview(
                    base, checked, try await ClusterObservation.read(state),
                    nowMilliseconds: SystemClock().epochMilliseconds())
                return RebalanceReport(
                    name: name, id: base.id, preview,
                    limited: RebalanceReport.limited(checked.executors, tasks: base.componentTasks))
            } catch let error as LifecycleError {
                throw CommandFailure("\(name): \(error.description)")
            }
        }
        Self.tell(report.limited, asked.executors)
        if json { return Output.line(try JSONOutput.text(report)) }
        report.lines.forEach(say)
    }

    /// Component names may have a `=` in them: the last one counts, as in Storm.
    func counts() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for text in executors {
            guard let equals = text.lastIndex(of: "="), equals != text.startIndex,
                let count = Int(text[text.index(after: equals)...]), count > 0
            else { throw ValidationError("-e \(text): it must be component=number, with a number from 1 on") }
            counts[String(text[..<equals])] = count
        }
        return counts
    }
}
