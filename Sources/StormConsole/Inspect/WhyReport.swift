package import StormRuntime
import StormTopology

/// Why messages of a running topology failed, as `storm why` shows it. Pure.
package struct WhyReport: Sendable {
    /// Examples shown, the newest of all workers.
    package static let examplesMax = 16

    private struct Cause: Encodable {
        var cause: FailureCause
        var count: Int
    }

    private struct Example: Encodable {
        var spout: String
        var spoutTask: Int
        var message: String
        var cause: FailureCause
        var timeMilliseconds: Int64
        var attempts: Int

        enum CodingKeys: String, CodingKey {
            case spout, cause, attempts
            case message = "message_id"
            case spoutTask = "spout_task"
            case timeMilliseconds = "time_ms"
        }
    }

    private let survey: WorkerSurvey<WorkerCauses>
    /// The most frequent first.
    private let causes: [Cause]
    private let other: Int
    /// The newest first.
    private let examples: [Example]

    package init(_ survey: WorkerSurvey<WorkerCauses>) {
        self.survey = survey
        let journals = survey.workers.flatMap(\.answer.spouts)
        var counts: [FailureCause: Int] = [:]
        for entry in journals.flatMap(\.journal.causes) { counts[entry.cause, default: 0] += entry.count }
        causes = counts.map { Cause(cause: $0, count: $1) }.sorted {
            ($1.count, Self.place($0.cause)) < ($0.count, Self.place($1.cause))
        }
        other = journals.reduce(0) { $0 + $1.journal.other }
        let all = journals.flatMap { task in
            task.journal.examples.map {
                Example(
                    spout: task.component, spoutTask: task.task, message: $0.message, cause: $0.cause,
                    timeMilliseconds: $0.timeMilliseconds, attempts: $0.attempts)
            }
        }
        examples = Array(all.sorted { $0.timeMilliseconds > $1.timeMilliseconds }.prefix(Self.examplesMax))
    }

    private var failed: Int { causes.reduce(other) { $0 + $1.count } }

    /// Why the exit status is not 0: somebody did not answer.
    package var failure: CommandFailure? {
        survey.gaps.isEmpty
            ? nil
            : CommandFailure(
                "\(survey.topologyName): not everything is shown: \(survey.gaps.joined(separator: "; "))", exitCode: 3)
    }

    // MARK: Text

    package var lines: [String] {
        let name = "\(survey.topologyName) (\(survey.topologyID))"
        guard failed > 0 else { return ["\(name): no message has failed in its running workers"] }
        var table = TextTable([
            .number("Count"), .text("Reason"), .text("Component"), .text("Task"), .text("Worker"), .text("Detail"),
        ])
        for entry in causes { table.add(["\(entry.count)"] + Self.cells(entry.cause)) }
        if other > 0 { table.add(["\(other)", "other causes", "", "", "", ""]) }
        var lines = ["\(name): \(failed) failed, by cause", ""] + table.lines
        lines += ["", "The newest", ""]
        var newest = TextTable([
            .text("Time"), .text("Spout"), .number("Task"), .text("Message"), .number("Attempts"), .text("Reason"),
            .text("Component"), .text("Task"), .text("Worker"), .text("Detail"),
        ])
        for example in examples {
            newest.add(
                [
                    ReportJSON.time(milliseconds: example.timeMilliseconds), example.spout, "\(example.spoutTask)",
                    Self.oneLine(example.message), "\(example.attempts)",
                ] + Self.cells(example.cause))
        }
        return lines + newest.lines
    }

    private static func cells(_ cause: FailureCause) -> [String] {
        [
            "\(cause.reason)", cause.component ?? "", cause.task.map { "\($0)" } ?? "",
            place(cause), oneLine(cause.detail ?? ""),
        ]
    }

    private static func place(_ cause: FailureCause) -> String {
        guard let host = cause.host else { return "" }
        return cause.port.map { "\(host):\($0)" } ?? host
    }

    /// At most 120 characters, without line ends.
    private static func oneLine(_ text: String) -> String {
        let line = text.map { $0.isNewline ? " " : $0 }
        return line.count <= 120 ? String(line) : String(line.prefix(119)) + "…"
    }

    // MARK: JSON

    private struct Content: Encodable {
        var topology: String
        var topologyID: String
        var failed: Int
        var causes: [Cause]
        var other: Int
        var examples: [Example]
        var unreachable: [WorkerSurvey<WorkerCauses>.Missing]

        enum CodingKeys: String, CodingKey {
            case topology, failed, causes, other, examples, unreachable
            case topologyID = "topology_id"
        }
    }

    package func json() throws -> String {
        try ReportJSON.text(
            Content(
                topology: survey.topologyName, topologyID: survey.topologyID, failed: failed, causes: causes,
                other: other, examples: examples, unreachable: survey.missing))
    }
}
