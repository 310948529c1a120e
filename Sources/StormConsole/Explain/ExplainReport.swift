import StormCluster
import StormCore

/// Why the executors of a topology are where they are, and what it waits for. Pure.
///
/// JSON (`storm explain --json`): the names of `CodingKeys`.
package struct ExplainReport: Encodable, Hashable, Sendable {
    package struct Worker: Encodable, Hashable, Sendable {
        package var node: String
        package var host: String
        package var port: Int
        /// `running`, `starting`, `draining`, or `not_up`.
        package var state: String
        /// Epoch milliseconds: since when it has these executors.
        package var sinceMilliseconds: Int64
        /// Why it was given executors.
        package var why: String
        package var executors: [Executor]

        enum CodingKeys: String, CodingKey {
            case node, host, port, state, why, executors
            case sinceMilliseconds = "since_ms"
        }
    }

    package struct Executor: Encodable, Hashable, Sendable {
        package var component: String
        package var firstTask: Int
        package var lastTask: Int
        /// Why it is on this worker.
        package var why: String

        enum CodingKeys: String, CodingKey {
            case component, why
            case firstTask = "first_task"
            case lastTask = "last_task"
        }
    }

    package var topology: String
    package var id: String
    package var status: String
    /// Everything runs where it should.
    package var isSettled: Bool
    package var wantedWorkers: Int
    package var workers: [Worker]
    /// What the leading nimbus' scheduler said last.
    package var scheduler: String?
    /// What keeps it from running as it should, the first cause first.
    package var pending: [String]

    enum CodingKeys: String, CodingKey {
        case topology, status, workers, scheduler, pending
        case id = "topology_id"
        case isSettled = "settled"
        case wantedWorkers = "wanted_workers"
    }

    package init(_ input: ExplainInput, now: Int64) {
        topology = input.base?.name ?? input.submission?.name ?? ""
        id = input.base?.id ?? input.submission?.topologyID ?? ""
        status = input.base?.status.rawValue ?? "SUBMITTING"
        wantedWorkers = input.base?.workers ?? 0
        scheduler = input.schedulerStatus
        if let base = input.base {
            workers = Placements(input, base, now: now).workers
            pending = PendingCauses(input, base, now: now).texts
        } else {
            workers = []
            pending = [Self.text(input.submission, now: now)]
        }
        isSettled = pending.isEmpty
    }

    private static func text(_ submission: SubmissionRecord?, now: Int64) -> String {
        let since = submission.map { Age.since($0.startedAtMilliseconds, now: now) } ?? "a moment ago"
        return "its code is not replicated yet: \(submission?.nimbus ?? "a nimbus") took it \(since) and waits until "
            + "topology.min.replication.count nimbuses have it"
    }

    // MARK: Text

    package func lines(now: Int64) -> [String] {
        var lines = ["\(topology) (\(id)), \(status), \(workers.count) of \(wantedWorkers) workers"]
        if let scheduler { lines.append("scheduler: \(scheduler)") }
        if !pending.isEmpty { lines += ["", "It waits:"] + pending.map { "- \($0)" } }
        for worker in workers {
            lines += ["", "worker \(worker.host):\(worker.port), \(worker.state.replacing("_", with: " "))"]
            lines.append("  since \(Age.since(worker.sinceMilliseconds, now: now)): \(worker.why)")
            var table = TextTable([.text("  Component"), .number("Tasks"), .text("Why")])
            for executor in worker.executors {
                let (first, last) = (executor.firstTask, executor.lastTask)
                let tasks = first == last ? "\(first)" : "\(first)-\(last)"
                table.add(["  " + executor.component, tasks, executor.why])
            }
            lines += table.lines
        }
        return lines
    }
}
