import ArgumentParser
import StormConsole
import StormCore
import StormRuntime
import StormThrift

struct MonitorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor", abstract: "Prints the throughput of a component, again and again.")

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Option(name: .shortAndLong, help: "Seconds between two lines.")
    var interval = 4

    @Option(name: .shortAndLong, help: "The component; without it the components are listed.", completion: .components)
    var monitor: String?

    @Option(name: .shortAndLong, help: "The stream.")
    var stream = "default"

    @Option(name: .shortAndLong, help: "What to count: emitted or transferred.")
    var watch = ThroughputMonitor.Watch.emitted

    @Option(help: "End after so many lines; 0: go on until interrupted.")
    var lines = 0

    @Flag(help: "Print a JSON object for each line.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        if interval < 1 { throw ValidationError("-i \(interval): the interval must be 1 or more seconds") }
        if lines < 0 { throw ValidationError("--lines \(lines): must be 0 or more") }
    }

    func run() async throws {
        try TopologyName.check(name)
        let clock = SystemClock()
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            let commands = TopologyCommands(nimbus: nimbus, say: say)
            guard let monitor else {
                let info = try await commands.info(name)
                if json { return say(try JSONOutput.line(ThroughputMonitor.Components(info))) }
                return ThroughputMonitor.components(info).forEach(say)
            }
            var monitoring = ThroughputMonitor(component: monitor, stream: stream, watch: watch)
            var next = ContinuousClock.now
            var count = 0
            while lines == 0 || count < lines {
                let row = try monitoring.row(
                    try await commands.info(name), timeMilliseconds: clock.monotonicNanoseconds() / 1_000_000)
                if count == 0, !json { say(monitoring.header) }
                say(json ? try JSONOutput.line(row) : row.text)
                count += 1
                next += .seconds(interval)
                if lines == 0 || count < lines { try await Task.sleep(until: next, clock: .continuous) }
            }
        }
    }
}

extension ThroughputMonitor.Watch: ExpressibleByArgument {}

struct UploadCredentialsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload-credentials", abstract: "Gives a running topology new credentials.")

    @Argument(help: "Name of the topology.", completion: .topologies)
    var name: String

    @Argument(help: "Key, value, key, value, …")
    var pairs: [String] = []

    @Option(name: .shortAndLong, help: "A file with a line key=value for each.")
    var file: String?

    @Option(
        name: [.customShort("u"), .customLong("user")],
        help: ArgumentHelp("Fail unless this is the topology's owner.", valueName: "owner"))
    var owner: String?

    @Flag(
        name: [.customShort("e"), .customLong("exception-when-empty")], help: "Fail when there are no credentials.")
    var failsWhenEmpty = false

    @Flag(help: "Print JSON: the names, not the values.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        try TopologyName.check(name)
        let text = try file.map { String(decoding: try ContentFile.reading($0).read(1 << 20), as: UTF8.self) } ?? ""
        let credentials = try CredentialList.parse(pairs: pairs, properties: text)
        if credentials.isEmpty {
            let failure = CommandFailure("there are no credentials to upload; give pairs of key and value, or -f FILE")
            if failsWhenEmpty { throw failure }
            return Output.errorLine("storm: warning: \(failure)")
        }
        try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
            do {
                try await nimbus.uploadNewCredentials(
                    name: name, credentials: Thrift.Credentials(credentials: credentials, topologyOwner: owner))
            } catch let error as ThriftApplicationException where error.isNotLeader {
                throw error
            } catch {
                throw await nimbus.failure(error, topology: name)
            }
        }
        if json { return Output.line(try JSONOutput.text(CredentialList.Uploaded(name, credentials))) }
        Output.line("Uploaded new creds to topology: \(name)")
    }
}

struct NodeHealthCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node-health-check", abstract: "Runs the health checks of this machine.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let check = HealthCheck(try options.loadForPrompt(), home: ".")
        let report = await check.run(json ? sayNothing : say)
        if json { Output.line(try JSONOutput.text(report)) }
        if report.scripts.isEmpty {
            Output.errorLine(
                "storm: node-health-check: there is no script in storm.health.check.dir, so nothing is wrong")
        }
        guard report.healthy else { throw CommandFailure("this machine is not healthy") }
    }
}
