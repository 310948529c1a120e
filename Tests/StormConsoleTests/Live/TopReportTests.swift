import StormConsole
import StormRuntime
import Testing

@Suite struct TopReportTests {
    private func spout(_ first: Int, acked: Int, failed: Int = 0, completeMilliseconds: Int64 = 0) -> ExecutorFigures {
        var figures = ExecutorFigures(first: first, last: first, component: "lines", kind: .spout)
        figures.emitted = acked + 5
        figures.acked = acked
        figures.failed = failed
        figures.pending = 5
        figures.completeNanoseconds = completeMilliseconds * 1_000_000
        return figures
    }

    private func bolt(_ first: Int, executed: Int, busyMilliseconds: Int64, held: Int = 0) -> ExecutorFigures {
        var figures = ExecutorFigures(first: first, last: first + 1, component: "count", kind: .bolt)
        figures.executed = executed
        figures.acked = executed - held
        figures.busyNanoseconds = busyMilliseconds * 1_000_000
        return figures
    }

    private func worker(
        _ port: Int, pid: Int = 7, seconds: Int64, cpu: Double, _ executors: [ExecutorFigures]
    ) -> WorkerSurvey<WorkerFigures>.Worker {
        let machine = MachineFigures(
            cores: 2, busySeconds: cpu * 2, memoryBytes: 4 << 30, memoryAvailableBytes: 3 << 30)
        return .init(
            place: WorkerPlace(host: "h", port: port),
            answer: WorkerFigures(
                topologyID: "wc-1-1", host: "h", port: port, pid: pid, timeMilliseconds: 0,
                clockNanoseconds: seconds * 1_000_000_000, uptimeSeconds: 100, cpuSeconds: cpu,
                residentBytes: 20 << 20, machine: machine, executors: executors))
    }

    private func sample(_ workers: [WorkerSurvey<WorkerFigures>.Worker]) -> TopSample {
        TopSample(
            name: "wc", id: "wc-1-1", status: "ACTIVE", uptimeSeconds: 100, wantedWorkers: 2, workers: workers,
            missing: [])
    }

    private var report: TopReport {
        let before = sample([
            worker(6700, seconds: 10, cpu: 1, [spout(1, acked: 100)]),
            worker(6701, seconds: 50, cpu: 2, [bolt(2, executed: 1000, busyMilliseconds: 100)]),
        ])
        let now = sample([
            worker(6700, seconds: 12, cpu: 2, [spout(1, acked: 300, failed: 4, completeMilliseconds: 1000)]),
            worker(6701, seconds: 54, cpu: 4, [bolt(2, executed: 3000, busyMilliseconds: 1100, held: 100)]),
        ])
        return TopReport([now], since: [before], detailed: true, timeMilliseconds: 1_763_700_000_000)
    }

    @Test func ratesAreDifferencesByEachWorkersOwnClock() throws {
        let row = try #require(report.topologies.first)
        #expect(row.ackedPerSecond == 100 && row.failedPerSecond == 2 && row.pending == 5)
        #expect(row.completeMilliseconds == 5)
        #expect(row.cpuPercent == 100 && row.residentBytes == 40 << 20 && row.workers == 2)
    }

    @Test func componentsHaveCapacityAndLatencies() throws {
        let components = try #require(report.components)
        #expect(components.map(\.name) == ["lines", "count"])
        let count = components[1]
        #expect(count.executors == 1 && count.tasks == 2 && count.executedPerSecond == 500)
        // 1 s of work in 4 s, for 2000 tuples.
        #expect(count.capacity == 0.25 && count.executeMilliseconds == 0.5)
        // 50 tuples held on average, 475 acked in a second.
        let process = try #require(count.processMilliseconds)
        #expect(abs(process - (0.5 + 50.0 * 1000 / 475)) < 1e-9)
        #expect(components[0].executeMilliseconds == nil && components[0].completeMilliseconds == 5)
    }

    /// Its loop has next to nothing to do, and its two children are at work all the time, for 4 ms on each tuple.
    @Test func aShellBoltsCapacityIsThatOfItsChildren() throws {
        func shell(executed: Int, outsideMilliseconds: Int64) -> ExecutorFigures {
            var figures = bolt(2, executed: executed, busyMilliseconds: 1)
            figures.outsideNanoseconds = outsideMilliseconds * 1_000_000
            return figures
        }
        func row(outsideMilliseconds: Int64) throws -> TopReport.Component {
            let before = sample([worker(6701, seconds: 50, cpu: 2, [shell(executed: 500, outsideMilliseconds: 1000)])])
            let now = sample([
                worker(6701, seconds: 54, cpu: 2, [shell(executed: 2500, outsideMilliseconds: outsideMilliseconds)])
            ])
            let report = TopReport([now], since: [before], detailed: true, timeMilliseconds: 0)
            return try #require(report.components?.first)
        }
        let saturated = try row(outsideMilliseconds: 9000)
        #expect(saturated.capacity == 1 && saturated.executeMilliseconds == 4)
        #expect(try row(outsideMilliseconds: 5000).capacity == 0.5)
        // Async calls overlap.
        #expect(try row(outsideMilliseconds: 90_000).capacity == 1)
    }

    @Test func machinesAreTheSumOfTheirWorkers() throws {
        let machine = try #require(report.machines.first)
        #expect(report.machines.count == 1 && machine.workers == 2 && machine.cores == 2)
        #expect(machine.memoryUsedBytes == 1 << 30 && machine.residentBytes == 40 << 20)
        // The last one counts: 4 s of two cores in 4 s.
        #expect(machine.cpuPercent == 50)
    }

    /// A worker that was started again counts from 0: nothing is negative.
    @Test func anotherProcessAtTheSamePlaceCountsFromItsStart() throws {
        let before = sample([worker(6700, seconds: 10, cpu: 9, [spout(1, acked: 1_000_000)])])
        let now = sample([worker(6700, pid: 8, seconds: 12, cpu: 1, [spout(1, acked: 200)])])
        let report = TopReport([now], since: [before], detailed: false, timeMilliseconds: 0)
        #expect(report.topologies[0].ackedPerSecond == 2 && report.topologies[0].cpuPercent == 1)
        #expect(report.components == nil)
    }

    // MARK: Rendering

    @Test func aPictureHasAllTables() {
        let lines = TopRenderer(isColoured: false, columns: nil).lines(report)
        for heading in ["storm top", "TOPOLOGY ", "COMPONENT ", "WORKER ", "MACHINE "] {
            #expect(lines.contains { $0.hasPrefix(heading) }, "\(heading)")
        }
        #expect(lines.contains { $0.hasPrefix("count") && $0.contains("0.250") })
        #expect(!lines.contains { $0.contains("\u{1B}") })
    }

    @Test func linesFitTheTerminal() {
        let lines = TopRenderer(isColoured: false, columns: 40).lines(report, rows: 6)
        #expect(lines.count == 6 && lines.allSatisfy { $0.count <= 40 })
        #expect(lines.last?.contains("more lines") == true)
    }

    @Test func coloursAreAroundWholeLines() {
        let lines = TopRenderer(isColoured: true, columns: 60).lines(report)
        #expect(lines[0].hasPrefix("\u{1B}[1m") && lines[0].hasSuffix("\u{1B}[0m"))
        // Failures are red.
        #expect(lines.contains { $0.hasPrefix("\u{1B}[31mwc ") })
    }

    @Test func anEmptyClusterSaysSo() {
        let report = TopReport([], since: [], detailed: false, timeMilliseconds: 0)
        #expect(TopRenderer(isColoured: false, columns: nil).lines(report).last == "No topologies running.")
    }
}
