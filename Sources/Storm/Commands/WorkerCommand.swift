import StormCore
import StormSubmission
import StormTopology

/// Runs this program as a worker of a cluster.
struct WorkerCommand<T: StormTopology> {
    let manifestPath: String

    func run() async throws {
        try await WorkerProgram(manifestPath: manifestPath) { _, _, config in try Self.build(config) }.run()
    }

    /// The topology again, from the arguments stored at its submission.
    private static func build(_ config: Config) throws -> Topology {
        var arguments: [String] = []
        if case .list(let stored)? = config.value(named: TopologySubmission.argumentsKey) {
            arguments = stored.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }
        let builder = TopologyBuilder()
        try TopologyCall<T>.parse(arguments).build(builder)
        return try builder.build()
    }
}
