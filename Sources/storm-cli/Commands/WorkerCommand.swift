import ArgumentParser
import Storm
import StormCore
import StormManifest

/// How a supervisor starts a worker of a topology whose code is no program: its components are programs of their own.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Runs a worker; this is how a supervisor starts it.", shouldDisplay: false)

    @Option(help: "What the supervisor tells the worker.")
    var manifest: String

    func run() async throws {
        try await WorkerProgram(manifestPath: manifest) { manifest, stored, _ in
            guard let stored else {
                throw InvalidTopologyError([TopologyFault("it was stored without its components; submit it again")])
            }
            return try ShellTopology.build(stored, resources: manifest.paths.codeDirectory + "/resources")
        }.run()
    }
}
