import FoundationEssentials
import StormConsole
import StormCore
import StormFlux
import StormSubmission
import StormThrift

/// A YAML topology in the form in which a cluster takes it.
struct FluxSubmission {
    let topology: FluxTopology
    let built: FluxAssembly.Result
    let settings: [String: ConfigValue]
    let startsActive: Bool

    /// This program, with the topology as an argument.
    /// - Parameter resources: where shell components start on every machine; nil: where those of any Swift program do.
    func ofProgram(resources: String?) -> TopologySubmission {
        var submission = TopologySubmission(
            name: topology.name, executablePath: "/proc/self/exe", topology: built.topology.description,
            configuration: settings,
            arguments: ["--document=\(topology.travelText)"] + (resources.map { ["--resources=\($0)"] } ?? []))
        submission.startsActive = startsActive
        return submission
    }

    /// Shell components as Thrift structs, with the archive of their files.
    /// - Throws: `InvalidTopologyError`.
    func ofShells(archive path: String) throws -> TopologySubmission {
        var submission = try TopologySubmission(
            name: topology.name, archivePath: path, topology: try shells(), configuration: settings)
        submission.startsActive = startsActive
        return submission
    }

    /// As `ofShells`, with an archive of `folder` that lives as long as `body` runs.
    func withArchive(of folder: String?, _ body: (TopologySubmission) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/storm-flux-\(UUID().uuidString).zip"
        do {
            try Data(ResourceFolder.zip(folder)).write(to: URL(filePath: path))
        } catch {
            throw CommandFailure("resources: \(error)")
        }
        // Left behind in the temporary folder it harms nobody.
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(try ofShells(archive: path))
    }

    private func shells() throws -> Thrift.StormTopology {
        var thrift = try TopologyConversion.thrift(built.topology.description)
        for (id, shell) in built.shells {
            let (program, argument) = shell.submitted
            let object = Thrift.ComponentObject.shell(.init(executionCommand: program, script: argument))
            thrift.spouts[id]?.spoutObject = object
            thrift.bolts[id]?.boltObject = object
        }
        return thrift
    }
}
