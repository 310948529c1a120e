import StormCore
package import StormThrift

/// Submits a topology to whichever nimbus leads, also when the leader dies on the way: then the next leader gets it.
///
/// A submission carries a mark of its own in its configuration. When no answer came, the topology of that name that the
/// next leader knows is asked for its mark: ours means that the submit had worked. So a submission is carried out once
/// or not at all, however often it is tried.
///
///     let submitter = FailoverSubmitter(seeds: ["node1", "node2"], port: 6627, configuration: settings)
///     let notice = try await submitter.submit(submission)
package struct FailoverSubmitter: Sendable {
    /// Configuration key of the mark: 32 hexadecimal digits.
    package static let markKey = "topology.submission.mark"
    private static let minCopiesKey = "topology.min.replication.count"
    private static let waitKey = "topology.max.replication.wait.time.sec"

    private let seeds: [String]
    private let port: Int
    private let configuration: NimbusClient.Configuration
    private let attemptsMax: Int

    /// - Parameter configuration: its `electionPatience` is how long each attempt waits for a leader.
    package init(seeds: [String], port: Int, configuration: NimbusClient.Configuration, attemptsMax: Int = 5) {
        precondition(attemptsMax >= 1, "there is at least one attempt")
        self.seeds = seeds
        self.port = port
        self.configuration = configuration
        self.attemptsMax = attemptsMax
    }

    /// Submits.
    /// - Parameters:
    ///   - progress: bytes sent and bytes in all, after each chunk; begins again with each attempt.
    ///   - retrying: called with the reason before another attempt.
    /// - Returns: what the user should know although it worked; nil: nothing.
    /// - Throws: `SubmissionError`, `CancellationError`.
    @discardableResult
    package func submit(
        _ submission: TopologySubmission, progress: (_ sentBytes: Int64, _ totalBytes: Int64) -> Void = { _, _ in },
        retrying: (SubmissionError) -> Void = { _ in }
    ) async throws -> String? {
        var marked = submission
        let mark = Self.newMark()
        marked.configuration[Self.markKey] = .string(mark)
        var attempt = 1
        // Where there was no leader to begin with, trying again helps nobody: the first attempt has waited for an election.
        var hadLeader = false
        while true {
            do {
                let client = try await connect(marked)
                hadLeader = true
                return try await submitOnce(marked, mark, mayBeThere: attempt > 1, client, progress)
            } catch let error as SubmissionError where error.isRetriable && hadLeader && attempt < attemptsMax {
                retrying(error)
                attempt += 1
            }
        }
    }

    private func submitOnce(
        _ submission: TopologySubmission, _ mark: String, mayBeThere: Bool, _ client: NimbusClient,
        _ progress: (Int64, Int64) -> Void
    ) async throws -> String? {
        do {
            let isDone = mayBeThere ? try await isThere(submission.name, mark, client) : false
            if !isDone {
                do {
                    try await TopologySubmitter(nimbus: client).submit(submission, progress: progress)
                } catch let error as SubmissionError where error.code == .nameTaken && mayBeThere {
                    // An earlier attempt may have been finished between our look and this one.
                    guard try await isThere(submission.name, mark, client) else { throw error }
                }
            }
            let notice = await replicationNotice(submission, client)
            await client.close()
            return notice
        } catch {
            await client.close()
            if error is CancellationError { throw error }
            throw SubmissionError(error)
        }
    }

    /// A leader answers a submit when the code is replicated, for which it waits as long as the topology says; longer
    /// silence means that it hangs.
    private func connect(_ submission: TopologySubmission) async throws -> NimbusClient {
        do {
            let client = try await NimbusClient.leader(seeds: seeds, port: port, configuration: configuration)
            let wait = submission.configuration[Self.waitKey]?.intValue ?? 60
            guard wait >= 0 else { return client }
            return client.callTimeout(min(configuration.callTimeout, .seconds(wait) + .seconds(60)))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw SubmissionError(error)
        }
    }

    /// Whether the living topology of that name is the one that was submitted with this mark.
    private func isThere(_ name: String, _ mark: String, _ nimbus: any NimbusService) async throws -> Bool {
        do {
            let id = try await nimbus.getTopologySummaryByName(name: name).id
            return try await ConfJSON.parse(nimbus.getTopologyConf(id: id))[Self.markKey] == .string(mark)
        } catch is Thrift.NotAliveException {
            return false
        }
    }

    private func replicationNotice(_ submission: TopologySubmission, _ nimbus: any NimbusService) async -> String? {
        guard let wanted = submission.configuration[Self.minCopiesKey]?.intValue, wanted > 1,
            // The topology is submitted; that the leader cannot be asked about it now changes nothing.
            let summary = try? await nimbus.getTopologySummaryByName(name: submission.name),
            let copies = summary.replicationCount, copies < wanted
        else { return nil }
        return "the code is on \(copies) nimbuses only, \(Self.minCopiesKey) asks for \(wanted)"
    }

    private static func newMark() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
