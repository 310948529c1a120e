import StormRuntime
import StormThrift

/// Judges what is seen, look after look. Pure.
package struct WaitProgress: Sendable {
    package enum Verdict: Equatable, Sendable {
        case done
        /// What is still missing, in a few words.
        case waiting(String)
        /// It will never be done.
        case failed(String)
    }

    private let goal: WaitGoal
    /// Messages emitted at the look before; nil: they were not all known.
    private var lastEmitted: Int?

    package init(_ goal: WaitGoal) { self.goal = goal }

    package mutating func look(_ view: WaitView) -> Verdict {
        switch (goal, view.info) {
        case (.gone, nil): .done
        case (.gone, let info?): .waiting("\(info.status), \(Self.workers(info).all) workers")
        case (_, nil): .failed("it was killed meanwhile")
        case (.running, let info?): Self.running(info)
        case (.quiet, let info?): quiet(info, view.audit)
        }
    }

    private static func running(_ info: Thrift.TopologyInfo) -> Verdict {
        if info.status == "KILLED" { return .failed("it was killed meanwhile") }
        let workers = workers(info)
        let text = "\(workers.up) of \(workers.all) workers run"
        if info.status == "REBALANCING" { return .waiting("REBALANCING, \(text)") }
        if workers.all == 0 { return .waiting("no worker is assigned" + (info.schedStatus.map { ": \($0)" } ?? "")) }
        return workers.up == workers.all ? .done : .waiting(text)
    }

    /// A worker runs when it reports all executors that it was given.
    private static func workers(_ info: Thrift.TopologyInfo) -> (up: Int, all: Int) {
        let executors = Dictionary(grouping: info.executors) { WorkerPlace(host: $0.host, port: Int($0.port)) }
        return (executors.values.count { $0.allSatisfy { $0.stats != nil } }, executors.count)
    }

    /// Nothing is in flight, and nothing was emitted since the look before: a spout that has not yet heard of its
    /// deactivation has nothing in flight either at times.
    private mutating func quiet(_ info: Thrift.TopologyInfo, _ audit: WorkerSurvey<WorkerAudit>?) -> Verdict {
        let before = lastEmitted
        lastEmitted = nil
        if info.status == "KILLED" { return .failed("it was killed meanwhile") }
        if info.status != "INACTIVE" { return .waiting(info.status) }
        if info.executors.isEmpty { return .done }
        guard let audit else { return .waiting("the workers do not answer") }
        if let gap = audit.gaps.first { return .waiting(gap) }
        let spouts = audit.workers.flatMap(\.answer.spouts)
        let inFlight = spouts.reduce(0) { $0 + $1.inFlight }
        if inFlight > 0 { return .waiting("\(inFlight) messages are in flight") }
        let emitted = spouts.reduce(0) { $0 + $1.emitted + $1.untracked }
        lastEmitted = emitted
        return emitted == before ? .done : .waiting("the spouts are being stopped")
    }
}
