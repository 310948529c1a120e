import StormCluster
import StormCore
import Testing

@testable import StormNimbus

@Suite struct ExecutorTotalsTests {
    private func bolt(_ executed: Int64, _ milliseconds: Double) -> ExecutorCounts {
        var counts = ExecutorCounts()
        counts.executed = ["a:default": executed]
        counts.acked = ["a:default": executed]
        counts.emitted = ["default": executed, "__metrics": 5]
        counts.executeMilliseconds = ["a:default": milliseconds]
        counts.processMilliseconds = ["a:default": milliseconds + 1]
        return counts
    }

    private func report(uptime: Int, _ windows: [String: ExecutorCounts]?) -> ExecutorReport {
        let range = ExecutorRange(TaskID(1), TaskID(2))
        let worker = WorkerAssignment(
            node: "n", host: "h", port: 1, executors: [range], startedAtMilliseconds: 0, incarnation: 1)
        let beat = windows.map {
            ExecutorBeat(executor: range, component: "b", isSpout: false, uptimeSeconds: uptime, windows: $0)
        }
        return ExecutorReport(range: range, component: "b", worker: worker, beat: beat)
    }

    @Test func countsAddUpAndLatenciesWeighAsMuchAsTheirTuples() {
        let reports = [
            report(uptime: 100, [":all-time": bolt(10, 4)]), report(uptime: 100, [":all-time": bolt(30, 8)]),
            report(uptime: 0, nil),
        ]
        let totals = ExecutorTotals(reports, window: ":all-time", includeSystem: false)
        #expect(totals.executors == 3 && totals.tasks == 6)
        #expect(totals.executed == 40 && totals.acked == 40 && totals.emitted == 40)
        #expect(totals.execute.value == 7 && totals.process.value == 8 && totals.complete.value == 0)
        // The busiest: 30 tuples of 8 ms in 100 s.
        #expect(totals.capacity == 30 * 8.0 / 100_000)
        #expect(ExecutorTotals(reports, window: ":all-time", includeSystem: true).emitted == 50)
    }

    /// A child of 8 ms for a tuple has been given 1000 in 4 s, and has done 500 of them: it is saturated.
    @Test func whatWaitsAtAChildOrOverlapsMakesCapacityNoMoreThanOne() {
        let totals = ExecutorTotals(
            [report(uptime: 4, [":all-time": bolt(1000, 8)])], window: "600", includeSystem: false)
        #expect(totals.capacity == 1 && totals.execute.value == 8)
    }

    @Test func aWindowLongerThanTheUptimeIsAllTime() {
        let windows = [":all-time": bolt(100, 1)]
        let young = report(uptime: 600, windows)
        #expect(ExecutorTotals([young], window: "600", includeSystem: false).executed == 100)
        #expect(ExecutorTotals([young], window: "86400", includeSystem: false).executed == 100)
        // A worker that says nothing of a window that it has lived through: nothing is known.
        let old = report(uptime: 601, windows)
        #expect(ExecutorTotals([old], window: "600", includeSystem: false).executed == 0)
        #expect(ExecutorTotals([old], window: "10800", includeSystem: false).executed == 100)
        #expect(ExecutorTotals([young], window: "77", includeSystem: false).executed == 0)
        let both = report(uptime: 900, [":all-time": bolt(100, 1), "600": bolt(60, 5)])
        #expect(ExecutorTotals([both], window: "600", includeSystem: false).executed == 60)
        #expect(both.beat?.capacity == 60 * 5.0 / 600_000)
    }
}
