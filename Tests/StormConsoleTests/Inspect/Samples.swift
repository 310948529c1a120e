import StormConsole
import StormCore
import StormRuntime
import StormThrift
import StormTopology
import StormWire

/// A topology "wc" of two workers as its pages and nimbus tell it.
enum Inspected {
    static let first = WorkerPlace(host: "h1", port: 6700)
    static let second = WorkerPlace(host: "h2", port: 6701)

    static func info(_ places: [WorkerPlace] = [first, second]) -> Thrift.TopologyInfo {
        let executors = places.flatMap { place in
            // Two executors each: a worker is asked once all the same.
            (1...2).map {
                Thrift.ExecutorSummary(
                    executorInfo: .init(taskStart: Int32($0), taskEnd: Int32($0)), componentID: "lines",
                    host: place.host, port: Int32(place.port), uptimeSecs: 1)
            }
        }
        return Thrift.TopologyInfo(
            id: "wc-1-1", name: "wc", uptimeSecs: 1, executors: executors, status: "ACTIVE", errors: [:])
    }

    static func ledger(_ task: Int, emitted: Int, acked: Int, failed: Int = 0, inFlight: Int = 0) -> SpoutLedger {
        var ledger = SpoutLedger(component: "lines", task: TaskID(task))
        ledger.emitted = emitted
        ledger.acked = acked
        ledger.failed = failed
        ledger.inFlight = inFlight
        return ledger
    }

    static func audit(
        _ place: WorkerPlace, _ spouts: [SpoutLedger] = [], silent: [Int] = [], dropped: [String: Int] = [:],
        topology: String = "wc-1-1"
    ) -> WorkerAudit {
        WorkerAudit(
            topologyID: topology, host: place.host, port: place.port, timeMilliseconds: 1, spouts: spouts,
            silentTasks: silent, dropped: dropped)
    }

    static func survey(
        _ audits: [WorkerAudit], missing: [(WorkerPlace, String)] = []
    ) -> WorkerSurvey<WorkerAudit> {
        WorkerSurvey(
            topologyName: "wc", topologyID: "wc-1-1",
            workers: audits.map { .init(place: WorkerPlace(host: $0.host, port: $0.port), answer: $0) },
            missing: missing.map { .init(place: $0, reason: $1) })
    }
}
