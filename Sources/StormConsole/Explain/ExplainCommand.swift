package import StormCluster
package import StormCore
import StormThrift

/// `storm explain`. Texts go to `say`, one line per call.
package enum ExplainCommand {
    /// What the scheduler said last of a topology.
    /// - Parameter config: with short waits: without a leader that is itself an answer.
    package static func schedulerStatus(_ name: String, _ config: Config) async -> (hasLeader: Bool, status: String?) {
        do {
            return try await NimbusAccess.withLeader(config) { nimbus in
                let summaries = try await nimbus.getTopologySummaries()
                return (true, summaries.first { $0.name == name || $0.id == name }?.schedStatus)
            }
        } catch {
            // The report says that there is no leader; why is for storm doctor.
            return (false, nil)
        }
    }

    /// - Parameter now: epoch milliseconds.
    package static func run(
        _ name: String, _ state: ClusterState, config: Config, json: Bool, now: Int64, say: (String) -> Void
    ) async throws {
        let input: ExplainInput
        do {
            input = try await ExplainInput.read(name, state) { await schedulerStatus(name, config) }
        } catch let error as CoordinationError {
            throw CommandFailure("\(error)", exitCode: 3)
        } catch let error as ClusterRecordError {
            throw CommandFailure("\(error)")
        }
        let report = ExplainReport(input, now: now)
        if json { return say(try JSONOutput.text(report)) }
        report.lines(now: now).forEach(say)
    }
}
