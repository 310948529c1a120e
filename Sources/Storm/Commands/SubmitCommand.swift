package import StormConsole
package import StormCore
import StormDaemon
package import StormSubmission
import StormThrift

/// Submits this very program to a cluster.
struct SubmitCommand<T: StormTopology> {
    let call: TopologyCall<T>

    init(_ call: TopologyCall<T>) { self.call = call }

    func run(_ submit: SubmitCall) async throws {
        let arguments = try call.program.submissionArguments(call.arguments)
        let submission = TopologySubmission(
            name: submit.name, executablePath: "/proc/self/exe", topology: call.topology.description,
            configuration: call.topologySettings, arguments: arguments)
        try await SubmissionRun(config: call.config).run(submission, submit)
    }
}

/// A submission as a command: finds the leader, shows how it goes, waits for the workers if asked to.
package struct SubmissionRun: Sendable {
    /// The client's.
    private let config: Config

    package init(config: Config) { self.config = config }

    /// - Throws: `CommandFailure`.
    package func run(_ submission: TopologySubmission, _ submit: SubmitCall) async throws {
        let name = submission.name
        try await upload(submission)
        if !submit.isJSON { DescriptorSink(descriptor: 1).write("submitted topology \(name)\n") }
        guard submit.isJSON || submit.wait != nil else { return }
        let info = try await NimbusAccess.withLeader(config) { nimbus in
            try await TopologyCommands(nimbus: nimbus) { _ in }.info(name)
        }
        var document: (@Sendable (String) -> Void)?
        if submit.isJSON { document = { DescriptorSink(descriptor: 1).write($0 + "\n") } }
        try await WaitRequest.finish(
            submit.wait, TopologyOutcome(name: name, id: info.id, status: info.status), .running, config,
            document: document, write: Self.note)
    }

    private func upload(_ submission: TopologySubmission) async throws {
        let submitter = FailoverSubmitter(
            seeds: config[.nimbusSeeds], port: config[.nimbusThriftPort],
            configuration: NimbusAccess.settings(config))
        let progress = UploadProgress(submission.name, totalBytes: nil)
        defer { progress.end() }
        do {
            let notice = try await submitter.submit(submission) { sent, total in
                progress.show(sentBytes: sent, totalBytes: total)
            } retrying: { reason in
                progress.end()
                Self.note("storm: \(reason.message); trying the next leader")
            }
            progress.end()
            if let notice { Self.note("storm: \(notice)") }
        } catch let error as SubmissionError {
            throw CommandFailure(error.message, error.code == .nimbusUnavailable ? .unreachable : .notDone)
        }
    }

    @Sendable private static func note(_ line: String) { DescriptorSink.standardError.write(line + "\n") }
}
