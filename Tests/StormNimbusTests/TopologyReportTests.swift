import StormCluster
import StormCore
@testable import StormNimbus
import StormThrift
import Testing

/// Which executors count as running: those of living workers of the present assignment that have started.
@Suite struct TopologyReportTests {
    private func runningTasks(_ state: WorkerState, incarnation: Int) -> [Int] {
        let base = base("t", workers: 1, tasks: ["a": 2])
        let executors = ExecutorLayout.executors(of: base)
        let worker = WorkerAssignment(
            node: "n1", host: "h", port: 6700, executors: executors, startedAtMilliseconds: 1, incarnation: 3)
        let assignment = AssignmentRecord(topologyID: base.id, codeSHA256: "aa", workers: [worker])
        let beat = WorkerBeatRecord(
            topologyID: base.id, node: "n1", host: "h", port: 6700, pid: 1, incarnation: incarnation, state: state,
            timeMilliseconds: 1, uptimeSeconds: 1,
            executors: executors.map { ExecutorBeat(executor: $0, component: "a", isSpout: false, uptimeSeconds: 1) })
        return TopologyReport(base: base, assignment: assignment, beats: [beat]).executorSummaries
            .filter { $0.stats != nil }.map { Int($0.executorInfo.taskStart) }
    }

    @Test func aWorkerThatRunsOrDrainsHasItsExecutors() {
        #expect(runningTasks(.running, incarnation: 3) == [1, 2])
        #expect(runningTasks(.draining, incarnation: 3) == [1, 2])
    }

    @Test func aWorkerThatStartsHasNoneYet() { #expect(runningTasks(.starting, incarnation: 3).isEmpty) }

    @Test func aProcessOfAnEarlierAssignmentHasNoneAnyMore() {
        #expect(runningTasks(.running, incarnation: 2).isEmpty)
    }
}
