import StormCluster
import StormCore
import Testing

@Suite struct WriteBudgetTests {
    @Test(arguments: [1, 10, 75, 76, 100, 1_000, 10_000, 50_000, 200_000])
    func workersOfAClusterOfAnySizeStayWithinTheBudget(workers: Int) {
        let interval = WriteBudget.beatSeconds(workers: workers)
        #expect(Double(workers) / Double(interval) <= Double(WriteBudget.beatsPerSecond))
        for seconds in [1, 60, 600] {
            let rates = WriteBudget.steadyState(
                supervisors: workers / 10, workers: workers, topologies: 10, topologySeconds: seconds)
            #expect(rates.values.reduce(0, +) < Double(WriteBudget.totalPerSecond))
        }
    }

    /// One worker more at a time: always within the budget, and the record itself is hardly ever written.
    @Test func aGrowingClusterIsSlowedDownInFewSteps() {
        var record: PaceRecord?
        var writes = 0
        for workers in 1...10_000 {
            if let next = WriteBudget.change(record, workers: workers) {
                record = next
                writes += 1
            }
            let interval = record?.beatSeconds ?? 1
            #expect(workers <= interval * WriteBudget.beatsPerSecond)
        }
        #expect(writes < 40)
        // A settled size needs no writes, nor does a worker that comes and goes.
        #expect(WriteBudget.change(record, workers: 10_000) == nil)
        #expect(WriteBudget.change(record, workers: 9_999) == nil)
        #expect(WriteBudget.change(record, workers: 100)?.beatSeconds == 2)
    }

    @Test func aSmallClusterNeedsNoRecord() {
        #expect(WriteBudget.change(nil, workers: 0) == nil)
        #expect(WriteBudget.change(nil, workers: 75) == nil)
    }
}

@Suite struct ExecutorListTests {
    private func list(_ firsts: [Int], tasks: Int = 1) -> ExecutorList {
        ExecutorList(firsts.map { ExecutorRange(TaskID($0), TaskID($0 + tasks - 1)) })
    }

    @Test func equalDistancesAreWrittenAsOne() {
        #expect(list([7, 17, 27]).description == "7..27/10")
        #expect(list([1, 2, 3, 4]).description == "1..4/1")
        #expect(list([1, 5, 9], tasks: 2).description == "1-2..9-10/4")
        #expect(list([1, 5]).description == "1,5")
        #expect(list([1, 4, 7, 8, 20, 30, 40]).description == "1..7/3,8,20..40/10")
    }

    @Test func whatIsWrittenIsRead() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var next = 1
            let ranges = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                next += Int.random(in: 1...3, using: &generator)
                let last = next + Int.random(in: 0...1, using: &generator)
                defer { next = last }
                return ExecutorRange(TaskID(next), TaskID(last))
            }
            let list = ExecutorList(ranges)
            #expect(ExecutorList(list.description) == list, "\(list)")
        }
    }

    @Test(arguments: [
        "1..2", "1../2", "..3/1", "1..4/2", "4..1/1", "1..3/0", "1..3/-1", "1-2..5/2", "1-2..3-4/1", "1..2147483647/1",
    ])
    func whatIsNoListIsRefused(text: String) { #expect(ExecutorList(text) == nil) }

    /// Executors are dealt in turn, so a worker of a large topology has a hundred, each a thousand after the last.
    @Test func aLargeAssignmentStaysFarBelowOneMebibyte() throws {
        let workers = (1...1_000).map { worker in
            WorkerAssignment(
                node: "9b7c0a52-1f0e-4d0b-8a52-\(100_000_000_000 + worker)", host: "worker-\(worker).example.org",
                port: 6700,
                executors: stride(from: worker, through: 100_000, by: 1_000).map {
                    ExecutorRange(TaskID($0), TaskID($0))
                }, startedAtMilliseconds: 1_700_000_000_000, incarnation: 1)
        }
        let record = AssignmentRecord(topologyID: "t-1-1", codeSHA256: "ab", workers: workers)
        let bytes = try RecordCodec.encode(record)
        #expect(bytes.count < 256 << 10)
        #expect(try RecordCodec.decode(AssignmentRecord.self, bytes, path: "/x") == record)
    }
}
