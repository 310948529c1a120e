import StormConsole
import StormCore
import StormRuntime
import StormThrift
import Testing

@Suite struct WaitProgressTests {
    /// - Parameter executors: ports with whether the executor there reports.
    static func info(_ status: String, _ executors: [(Int32, Bool)]) -> Thrift.TopologyInfo {
        var info = Thrift.TopologyInfo()
        info.status = status
        info.executors = executors.map { port, isUp in
            Thrift.ExecutorSummary(
                executorInfo: .init(taskStart: 1, taskEnd: 1), componentID: "a", host: "h", port: port, uptimeSecs: 0,
                stats: isUp ? Thrift.ExecutorStats() : nil)
        }
        return info
    }

    private func verdict(
        _ goal: WaitGoal, _ status: String, _ executors: [(Int32, Bool)] = []
    ) -> WaitProgress.Verdict {
        var progress = WaitProgress(goal)
        return progress.look(WaitView(info: Self.info(status, executors)))
    }

    @Test func aKilledTopologyIsGoneWhenItIsNotThere() {
        #expect(verdict(.gone, "KILLED", [(1, true), (2, true)]) == .waiting("KILLED, 2 workers"))
        var progress = WaitProgress(.gone)
        #expect(progress.look(WaitView(info: nil)) == .done)
    }

    @Test func aTopologyRunsWhenEveryWorkerReportsAllItsExecutors() {
        #expect(verdict(.running, "ACTIVE") == .waiting("no worker is assigned"))
        #expect(
            verdict(.running, "ACTIVE", [(1, true), (1, false), (2, true)]) == .waiting("1 of 2 workers run"))
        #expect(verdict(.running, "ACTIVE", [(1, true), (2, true)]) == .done)
        #expect(verdict(.running, "INACTIVE", [(1, true)]) == .done)
    }

    @Test func aRebalanceIsOverWhenTheStatusSaysSo() {
        #expect(verdict(.running, "REBALANCING", [(1, true)]) == .waiting("REBALANCING, 1 of 1 workers run"))
    }

    @Test func whatWasKilledMeanwhileIsNotWaitedFor() {
        #expect(verdict(.running, "KILLED", [(1, true)]) == .failed("it was killed meanwhile"))
        var progress = WaitProgress(.quiet)
        #expect(progress.look(WaitView(info: nil)) == .failed("it was killed meanwhile"))
    }

    @Test func aPausedTopologyIsQuietWhenNothingIsInFlightAndNothingNewIsEmitted() {
        func view(emitted: Int, acked: Int, silent: [Int] = []) -> WaitView {
            var ledger = SpoutLedger(component: "lines", task: TaskID(1))
            (ledger.emitted, ledger.acked, ledger.inFlight) = (emitted, acked, emitted - acked)
            let answer = WorkerAudit(
                topologyID: "t", host: "h", port: 1, timeMilliseconds: 0, spouts: [ledger], silentTasks: silent,
                dropped: [:])
            let survey = WorkerSurvey<WorkerAudit>(
                topologyName: "t", topologyID: "t",
                workers: [.init(place: WorkerPlace(host: "h", port: 1), answer: answer)], missing: [])
            return WaitView(info: Self.info("INACTIVE", [(1, true)]), audit: survey)
        }
        var progress = WaitProgress(.quiet)
        #expect(progress.look(view(emitted: 5, acked: 3)) == .waiting("2 messages are in flight"))
        #expect(progress.look(view(emitted: 7, acked: 7)) == .waiting("the spouts are being stopped"))
        #expect(progress.look(view(emitted: 8, acked: 8)) == .waiting("the spouts are being stopped"))
        #expect(progress.look(view(emitted: 8, acked: 8)) == .done)
        var other = WaitProgress(.quiet)
        #expect(
            other.look(view(emitted: 1, acked: 1, silent: [4]))
                == .waiting("spout tasks [4] of worker h:1 do not answer"))
    }

    @Test func aPausedTopologyWithoutWorkersIsQuiet() {
        #expect(verdict(.quiet, "INACTIVE") == .done)
        #expect(verdict(.quiet, "REBALANCING") == .waiting("REBALANCING"))
    }
}
