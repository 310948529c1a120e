import StormConsole
import StormCore
import StormDaemon
import StormSubmission
import StormThrift

/// Submits this very program to a cluster.
struct SubmitCommand<T: StormTopology> {
    let call: TopologyCall<T>

    init(_ call: TopologyCall<T>) { self.call = call }

    /// Takes `--name NAME` off the front.
    static func name(_ arguments: [String]) throws -> (String, [String]) {
        guard arguments.count >= 2, arguments[0] == "--name" else {
            throw CommandFailure.usage("submit: begin with --name NAME")
        }
        return (arguments[1], Array(arguments.dropFirst(2)))
    }

    func run(name: String) async throws {
        let arguments = try call.program.submissionArguments(call.arguments)
        let submission = TopologySubmission(
            name: name, executablePath: "/proc/self/exe", topology: call.topology.description,
            configuration: call.topologySettings, arguments: arguments)
        do {
            let submitter = FailoverSubmitter(
                seeds: call.config[.nimbusSeeds], port: call.config[.nimbusThriftPort],
                configuration: NimbusAccess.settings(call.config))
            let notice = try await submitter.submit(submission) { _, _ in
            } retrying: { reason in
                DescriptorSink(descriptor: 2).write("storm: \(reason.message); trying the next leader\n")
            }
            if let notice { DescriptorSink(descriptor: 2).write("storm: \(notice)\n") }
        } catch let error as SubmissionError {
            throw CommandFailure(error.message)
        }
        DescriptorSink(descriptor: 1).write("submitted topology \(name)\n")
    }
}
