import ArgumentParser
import StormConsole
import StormCore
import StormProcess
import StormRuntime
import StormThrift
import UnixSignals

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Shows rates, latency, capacity and load as they are now, again and again.",
        discussion: """
            With a name the components of that topology, too. On a terminal the picture is drawn anew (q ends it); \
            elsewhere one table follows the other. The numbers come from the workers themselves.
            """)

    @Argument(help: "Name of the topology; all without it.", completion: .topologies)
    var name: String?

    @Option(name: [.customShort("i"), .customLong("interval")], help: "Seconds between two looks.")
    var interval = 2.0

    @Option(name: [.customShort("n"), .customLong("times")], help: "End after so many pictures.")
    var times: Int?

    @Flag(help: "Print a JSON object on a line for each look.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        guard (0.2...3600).contains(interval) else { throw ValidationError("-i \(interval): 0.2 to 3600 seconds") }
        if let times, times < 1 { throw ValidationError("-n \(times): must be 1 or more") }
    }

    func run() async throws {
        if let name { try TopologyName.check(name) }
        let environment = ExecutableSearch.environment()
        let isScreen = !json && TerminalScreen.isPossible(environment)
        let isColoured = isScreen && (environment["NO_COLOR"] ?? "").isEmpty
        let config = try options.loadForPrompt()
        let surveyor = TopSurveyor { [name] in
            // Anew each time: a leader may go.
            try await NimbusAccess.withLeader(config) { try await TopSurveyor.known($0, name: name) }
        }
        let look: Look = { try await surveyor.samples() }
        if isScreen { try await show(look, isColoured: isColoured) } else { try await print(look) }
    }

    private typealias Look = @Sendable () async throws -> [TopSample]

    /// Rates need two looks: the first picture comes soon after the first.
    private func pause(_ count: Int) -> Duration { .seconds(count == 0 ? min(1, interval) : interval) }

    private func report(_ samples: [TopSample], since before: [TopSample]) -> TopReport {
        TopReport(
            samples, since: before, detailed: name != nil, timeMilliseconds: SystemClock().epochMilliseconds())
    }

    private func print(_ look: Look) async throws {
        var before = try await look()
        var count = 0
        while count != times {
            try await Task.sleep(for: pause(count))
            let samples = try await look()
            let report = report(samples, since: before)
            if json {
                Output.line(try JSONOutput.line(report))
            } else {
                let lines = TopRenderer(isColoured: false, columns: nil).lines(report)
                ((count > 0 ? [""] : []) + lines).forEach { Output.line($0) }
            }
            before = samples
            count += 1
        }
    }

    private func show(_ look: @escaping Look, isColoured: Bool) async throws {
        var before = try await look()
        let screen = await TerminalScreen()
        defer { screen.close() }
        var count = 0
        var shown: TopReport?
        var fault: String?
        func draw() {
            let size = screen.size
            let renderer = TopRenderer(isColoured: isColoured, columns: size.columns)
            var lines = shown.map { renderer.lines($0, rows: size.rows) } ?? ["looking at the workers …"]
            if let fault { lines[0] = String("no answer, trying again: \(fault)".prefix(size.columns)) }
            screen.draw(lines)
        }
        draw()
        var looking = screen.look(after: pause(0), look)
        defer { looking.cancel() }
        for await event in screen.events {
            switch event {
            case .quit: return
            case .interrupted(let signal):
                // As if the signal had ended the process; the terminal is given back first.
                throw ExitCode(signal == .sigint ? 130 : signal == .sighup ? 129 : 143)
            case .resized: draw()
            case .looked(.success(let samples)):
                shown = report(samples, since: before)
                before = samples
                fault = nil
                count += 1
                draw()
                if count == times { return }
                looking = screen.look(after: pause(count), look)
            case .looked(.failure(let error)):
                // Another nimbus may lead soon; a topology that has ended does not come back.
                if let name, UnknownTopology.isMeant(by: error, name: name) { throw error }
                fault = "\(error)"
                draw()
                looking = screen.look(after: pause(count), look)
            }
        }
    }
}

struct TapSamplesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap", abstract: "Shows samples of the tuples that a component emits or receives, as they pass.",
        discussion: """
            Nothing is restarted, and no tuple is held up. It goes on until it is interrupted; workers stop to sample \
            10 seconds later by themselves.
            """)

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Argument(help: "Name of the component.")
    var component: String

    @Flag(name: .customLong("input"), help: "What it receives, not what it emits.")
    var isInput = false

    @Option(name: [.customShort("s"), .customLong("stream")], help: "Only this stream.")
    var stream: String?

    @Option(name: .customShort("n"), help: "End after so many samples.")
    var count: Int?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "Only tuples with this in a field: the whole value, or a regular expression somewhere in it.",
            valueName: "field=value|field~regex"))
    var filter: String?

    @Option(name: .customLong("rate"), help: "Samples in a second, at most.")
    var perSecond = 10

    @Flag(help: "Print a JSON object on a line for each sample.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        if let count, count < 1 { throw ValidationError("-n \(count): must be 1 or more") }
        guard (1...TapQuery.perSecondMax).contains(perSecond) else {
            throw ValidationError("--rate \(perSecond): 1 to \(TapQuery.perSecondMax) in a second")
        }
    }

    func run() async throws {
        try TopologyName.check(name)
        let tap = TapOptions(
            topology: name, component: component, isInput: isInput, stream: stream, filter: filter,
            perSecond: perSecond, count: count)
        try tap.checkFilter()
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            try await TapCommand(
                nimbus: nimbus, options: tap, isJSON: json, say: say, remark: { Output.errorLine("storm: tap: \($0)") }
            ).run()
        }
    }
}
