import StormCluster
import StormCore
import StormRuntime
import StormTopology
import Testing

@testable import StormWorker

@Suite struct ExecutorTallyTests {
    private func plan() throws -> TopologyPlan {
        try TopologyPlan(
            TopologyDescription(components: [
                ComponentDescription(id: "s", kind: .spout, streams: [StreamDescription("d", fields: ["n"])]),
                ComponentDescription(
                    id: "b", kind: .bolt, inputs: [InputDescription(GlobalStreamID("s", "d"), .shuffle)]),
            ]), ackers: 1)
    }

    @Test func aSpoutHasTheStreamsThatItDeclaresAndNoOthers() throws {
        var task = TaskStatistics(task: TaskID(3), component: "s")
        var counts = OutputCounts()
        counts.transferred = 7
        counts.acked = 5
        counts.failed = 1
        task.emitted = ["d": 7]
        task.outputs = ["d": counts]
        task.transferred = 7
        task.acked = 5
        task.failed = 1
        task.completeLatencyNanoseconds = 10_000_000
        let found = ExecutorTally([task, task], of: try #require(try plan()["s"])).counts
        #expect(found.emitted == ["d": 14] && found.transferred == ["d": 14])
        #expect(found.acked == ["d": 10] && found.failed == ["d": 2])
        #expect(found.completeMilliseconds == ["d": 2] && found.executed.isEmpty)
    }

    @Test func aBoltsAcksAreOfTheStreamThatTheyAreOf() throws {
        var task = TaskStatistics(task: TaskID(2), component: "b")
        var one = InputCounts()
        one.executed = 4
        one.acked = 3
        one.failed = 1
        task.inputs = [GlobalStreamID("s", "d"): one, GlobalStreamID("s", "e"): InputCounts()]
        task.acked = 3
        task.failed = 1
        var latency = LatencyBuckets()
        latency.record(2_000_000)
        task.executeLatency = latency
        let found = ExecutorTally([task], of: try #require(try plan()["b"])).counts
        #expect(found.executed == ["s:d": 4, "s:e": 0] && found.acked == ["s:d": 3, "s:e": 0])
        #expect(found.failed == ["s:d": 1, "s:e": 0])
        #expect(found.executeMilliseconds == ["s:d": 2])
    }
}
