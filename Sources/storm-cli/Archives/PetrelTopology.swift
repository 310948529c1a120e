import FoundationEssentials
import Storm
import StormArchive
import StormConsole
import StormCore
import StormDaemon
import StormSubmission
import StormThrift

/// What Petrel packs: `resources/topology.ser` is the topology as a Thrift struct, two YAML files beside it its
/// configuration. With a name it is submitted; without one it runs here, as with Petrel's own class.
struct PetrelTopology {
    static let className = "storm.petrel.GenericTopology"
    /// Later ones win.
    private static let configurations = ["resources/__topology__.yaml", "resources/__submitter__.yaml"]
    private static let bytesMax = 16 << 20

    private let call: ArchiveCall

    init(_ call: ArchiveCall) { self.call = call }

    func run() async throws {
        let topology: Thrift.StormTopology
        let settings: [String: ConfigValue]
        do {
            let archive = try ZipFile(call.path)
            guard let entry = archive["resources/topology.ser"] else {
                throw ArchiveError("there is no resources/topology.ser in it")
            }
            topology = try Thrift.StormTopology(stored: try archive.read(entry, bytesMax: Self.bytesMax))
            settings = try configuration(archive)
        } catch let error as ArchiveError {
            throw CommandFailure("\(call.path): \(error)")
        } catch let error as ThriftError {
            throw CommandFailure("\(call.path): resources/topology.ser is no topology: \(error.message)")
        } catch let error as ConfigFaults {
            throw CommandFailure("\(call.path): \(error.description)")
        }
        guard let name = call.arguments.first else { return try await runHere(topology, settings) }
        guard call.arguments.count == 1 else {
            throw CommandFailure.usage("\(Self.className) takes one name, and gets \(call.arguments.count) arguments")
        }
        try await submit(name, topology, settings)
    }

    private func configuration(_ archive: ZipFile) throws -> [String: ConfigValue] {
        var all: [String: ConfigValue] = [:]
        for name in Self.configurations {
            guard let entry = archive[name] else { continue }
            let text = String(decoding: try archive.read(entry, bytesMax: 1 << 20), as: UTF8.self)
            for setting in try ConfigFile.parse(text, path: name).settings { all[setting.name] = setting.value }
        }
        return all
    }

    private func submit(
        _ name: String, _ topology: Thrift.StormTopology, _ settings: [String: ConfigValue]
    ) async throws {
        try TopologyName.check(name)
        let (config, own) = try call.settings(settings, from: "the archive's configuration")
        let submission: TopologySubmission
        do {
            submission = try TopologySubmission(
                name: name, archivePath: call.path, topology: topology, configuration: own)
        } catch let error as InvalidTopologyError {
            throw CommandFailure(error.description)
        }
        var submit = call.submit
        submit.name = name
        try await SubmissionRun(config: config).run(submission, submit)
    }

    /// As Petrel's class does without a name: one worker, one task per component, everything logged.
    private func runHere(_ topology: Thrift.StormTopology, _ settings: [String: ConfigValue]) async throws {
        var settings = settings
        settings["topology.debug"] = .bool(true)
        settings["topology.workers"] = .int(1)
        settings["topology.max.task.parallelism"] = .int(1)
        let (config, _) = try call.settings(settings, from: "the archive's configuration")
        let folder = FileManager.default.temporaryDirectory.path + "/storm-\(UUID().uuidString)/test-topology-1-0"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer {
            // Left behind in the temporary folder it harms nobody.
            try? FileManager.default.removeItem(atPath: String(folder.dropLast("/test-topology-1-0".count)))
        }
        do {
            try ZipFile(call.path).unpack(below: "resources", into: "\(folder)/resources", limits: .init())
        } catch {
            throw CommandFailure("\(call.path): \(error)")
        }
        try await LocalRun(try ShellTopology.build(topology, resources: "\(folder)/resources"), config: config)
            .run(name: "test-topology")
    }
}
