import StormCluster
import StormCore
import StormThrift

/// One assigned executor with what its worker says of it, if it says anything yet.
struct ExecutorReport {
    let range: ExecutorRange
    let component: String
    let worker: WorkerAssignment
    let beat: ExecutorBeat?
}

/// A topology's assignment joined with its workers' beats.
struct TopologyReport {
    let base: StormBaseRecord
    /// In task order.
    let executors: [ExecutorReport]
    let beats: [WorkerSlot: WorkerBeatRecord]

    init(base: StormBaseRecord, assignment: AssignmentRecord?, beats: [WorkerBeatRecord]) {
        self.base = base
        self.beats = Dictionary(beats.map { ($0.slot, $0) }, uniquingKeysWith: { $1 })
        let components = ExecutorLayout.components(of: base)
        var owner: [ExecutorRange: String] = [:]
        for component in components { for executor in component.executors { owner[executor] = component.id } }
        let workerBeats = self.beats
        executors = (assignment?.workers ?? []).flatMap { worker in
            // A worker that is still starting, or a process of an earlier assignment, runs none of them yet.
            let beat = workerBeats[worker.slot].flatMap { $0.incarnation == worker.incarnation ? $0 : nil }
            let reported = beat?.state == .starting ? [] : beat?.executors ?? []
            return worker.executors.executors.map { range in
                ExecutorReport(
                    range: range, component: owner[range] ?? "", worker: worker,
                    beat: reported.first { $0.executor.executors == [range] })
            }
        }.sorted { $0.range < $1.range }
    }

    var executorSummaries: [Thrift.ExecutorSummary] { executors.map(Self.summary) }

    static func summary(_ executor: ExecutorReport) -> Thrift.ExecutorSummary {
        Thrift.ExecutorSummary(
            executorInfo: .init(taskStart: executor.range.first.rawValue, taskEnd: executor.range.last.rawValue),
            componentID: executor.component, host: executor.worker.host, port: Int32(clamping: executor.worker.port),
            uptimeSecs: Int32(clamping: executor.beat?.uptimeSeconds ?? 0),
            stats: executor.beat.map(SummaryBuilder.stats))
    }

    /// One line per worker of the assignment.
    func workerSummaries(_ assignment: AssignmentRecord?) -> [Thrift.WorkerSummary] {
        (assignment?.workers ?? []).map { worker in
            let own = executors.filter { $0.worker.slot == worker.slot }
            var tasks: [String: Int64] = [:]
            for executor in own { tasks[executor.component, default: 0] += Int64(executor.range.taskCount) }
            let beat = beats[worker.slot]
            return Thrift.WorkerSummary(
                supervisorID: worker.node, host: worker.host, port: Int32(clamping: worker.port), topologyID: base.id,
                topologyName: base.name, numExecutors: Int32(clamping: own.count), componentToNumTasks: tasks,
                timeSecs: beat.map { Int32(clamping: $0.timeMilliseconds / 1000) },
                uptimeSecs: Int32(clamping: beat?.uptimeSeconds ?? 0), owner: base.owner)
        }
    }
}
