import FoundationEssentials
import Logging
import StormCluster
import StormClusterZooKeeper
import StormProcess
import StormTestSupport
import StormThrift
import ZooKeeper
import ZooKeeperServer

/// A cluster of real processes on this machine: three ZooKeeper servers, nimbuses, a supervisor.
final class RealCluster: Sendable {
    /// The built program of that name, beside the one that runs the tests.
    static func program(_ name: String) -> String {
        let own = CommandLine.arguments[0]
        return own.lastIndex(of: "/").map { "\(own[..<$0])/\(name)" } ?? name
    }

    static let canRun =
        // Any failure to find it means: skip.
        (try? JavaInstallation.find()) != nil && FileManager.default.isExecutableFile(atPath: program("storm"))
        && FileManager.default.isExecutableFile(atPath: program("WordCount"))

    let ensemble: ZooKeeperEnsemble
    let folder: TemporaryFolder
    let nimbusPorts: [Int]
    private let slotPorts: [Int]
    static let sessionTimeout = Duration.seconds(4)

    init(nimbuses: Int) async throws {
        ensemble = try await ZooKeeperEnsemble.start(3, .forTests)
        folder = try TemporaryFolder()
        var ports: Set<Int> = []
        while ports.count < nimbuses + 2 { ports.insert(try FreePort.find()) }
        nimbusPorts = Array(ports.prefix(nimbuses))
        slotPorts = Array(Array(ports)[nimbuses...])
    }

    var seeds: [String] { nimbusPorts.map { "127.0.0.1:\($0)" } }

    /// How clients reach it.
    var clientSettings: NimbusClient.Configuration {
        var settings = NimbusClient.Configuration()
        settings.discoveryTimeout = .seconds(1)
        settings.electionPatience = .seconds(60)
        return settings
    }

    func leader() async throws -> NimbusClient {
        try await NimbusClient.leader(seeds: seeds, port: nimbusPorts[0], configuration: clientSettings)
    }

    /// The log of a daemon.
    func log(_ name: String) -> String { folder.path + "/\(name).log" }

    func logContains(_ name: String, _ text: String) -> Bool {
        // No file yet is no text yet.
        ((try? folder.read("\(name).log")) ?? "").contains(text)
    }

    func configFile(_ name: String, nimbusPort: Int? = nil) throws -> String {
        let servers = ensemble.addresses.map { "\"\($0)\"" }.joined(separator: ", ")
        let seeds = seeds.map { "\"\($0)\"" }.joined(separator: ", ")
        let milliseconds = Self.sessionTimeout.components.seconds * 1000
        return try folder.write(
            """
            storm.zookeeper.servers: [\(servers)]
            storm.zookeeper.session.timeout: \(milliseconds)
            storm.local.hostname: 127.0.0.1
            storm.local.dir: \(folder.path)/\(name)
            nimbus.seeds: [\(seeds)]
            nimbus.thrift.port: \(nimbusPort ?? nimbusPorts[0])
            supervisor.slots.ports: [\(slotPorts.map(String.init).joined(separator: ", "))]

            """, to: "\(name).yaml")
    }

    func startNimbus(_ index: Int) async throws -> ProcessHandle {
        let name = "nimbus-\(index)"
        return try await start(name, ["nimbus", "--config", configFile(name, nimbusPort: nimbusPorts[index])])
    }

    func startSupervisor() async throws -> ProcessHandle {
        try await start("supervisor", ["supervisor", "--stop-workers", "--config", configFile("supervisor")])
    }

    private func start(_ name: String, _ arguments: [String]) async throws -> ProcessHandle {
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        var specification = ProcessSpecification(
            executable: Self.program("storm"), arguments: arguments, workingDirectory: folder.path)
        specification.standardOutput = .append(path: log(name))
        specification.standardError = .append(path: log(name))
        specification.newSession = true
        specification.whenParentEnds = .killed
        return try await ChildProcess.spawn(specification)
    }

    /// `storm jar WordCount NAME`, over and over the same text.
    func submitWordCount(_ name: String) async throws -> ProcessExit {
        let text = try folder.write("the cat and the dog\n", to: "text")
        var specification = ProcessSpecification(
            executable: Self.program("storm"),
            arguments: [
                "--config", try configFile("client"), "jar", "-c", "topology.workers=1", Self.program("WordCount"),
                name,
                text, "--output", folder.path + "/" + name,
            ], workingDirectory: folder.path)
        specification.standardOutput = .append(path: log("client"))
        specification.standardError = .append(path: log("client"))
        specification.whenParentEnds = .killed
        return try await ChildProcess.spawn(specification).waitForExit()
    }

    /// A client of the cluster's memory.
    func connectStore() async throws -> ZooKeeperStore {
        var configuration = ZooKeeperConfiguration(servers: ensemble.addresses)
        configuration.chroot = "/storm"
        configuration.createsChroot = true
        configuration.sessionTimeout = .seconds(10)
        return try await ZooKeeperStore.connect(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// Waits for something in another process, at most `limit`; what says it has no events to wait for.
func eventually(_ what: String, within limit: Duration = .seconds(60), _ isSo: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await isSo() { return }
        try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    throw DeadlineMissed(description: "not within \(limit): \(what)")
}

struct DeadlineMissed: Error, CustomStringConvertible {
    let description: String
}
