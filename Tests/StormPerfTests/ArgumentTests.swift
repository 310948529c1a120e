import ArgumentParser
import Testing

@testable import storm_perf

/// What a user may say, and what is said to a user who is wrong.
@Suite struct ArgumentTests {
    private func specification(_ arguments: String...) throws -> RunSpecification {
        try #require(try StormPerf.parseAsRoot(arguments) as? Run).specification
    }

    /// The one-line message for arguments that are refused.
    private func refusal(_ arguments: [String]) -> String {
        do {
            _ = try StormPerf.parseAsRoot(arguments)
            return "accepted"
        } catch {
            return StormPerf.message(for: error)
        }
    }

    @Test func everyShapeIsKnownByItsName() throws {
        for shape in Shape.allCases {
            let specification = try specification(shape.rawValue)
            #expect(specification.shape == shape)
            #expect(specification.workers == (shape == .crossWorker ? 2 : 1))
            #expect(specification.acking && specification.maxPending == nil && specification.rate == nil)
        }
    }

    @Test func flagsReachTheSpecification() throws {
        let specification = try specification(
            "run", "SlowBolt", "--acking", "off", "--workers", "3", "--spouts", "2", "--bolts", "4", "--ackers", "5",
            "--max-pending", "60", "--seconds", "1.5", "--warmup", "0", "--rate", "700", "--loops", "8", "--input",
            "text", "--pause", "9", "--json")
        var expected = RunSpecification(.slowBolt)
        expected.acking = false
        expected.workers = 3
        expected.spouts = 2
        expected.bolts = 4
        expected.ackers = 5
        expected.maxPending = 60
        expected.seconds = 1.5
        expected.warmupSeconds = 0
        expected.rate = 700
        expected.loops = 8
        expected.input = "text"
        expected.pauseMicroseconds = 9
        #expect(specification == expected)
        #expect(specification.ackerTasks == 0)
    }

    @Test(
        arguments: [
            (["NoSuchShape"], "NoSuchShape"), ([], "topology"),
            (["WordCount", "--workers", "0"], "--workers is 0; it must be at least 1"),
            (["WordCount", "--spouts", "0"], "--spouts is 0; it must be at least 1"),
            (["WordCount", "--bolts", "-1"], "--bolts"), (["WordCount", "--ackers", "0"], "--ackers is 0"),
            (["WordCount", "--loops", "0"], "--loops is 0"),
            (["WordCount", "--max-pending", "0"], "--max-pending is 0"),
            (["WordCount", "--seconds", "0"], "--seconds and --warmup must be positive"),
            (["WordCount", "--warmup=-1"], "--seconds and --warmup must be positive"),
            (["WordCount", "--seconds", "nan"], "--seconds and --warmup must be positive"),
            (["ConstSpoutNullBolt", "--rate", "0"], "--rate is 0.0; it must be positive"),
            (["WordCount", "--rate", "100"], "--rate is for topologies with a constant spout, not WordCount"),
            (["CrossWorker", "--workers", "1"], "CrossWorker needs at least 2 workers"),
            (["WordCount", "--acking", "maybe"], "maybe"),
            (["SlowBolt", "--pause=-1"], "--pause is -1; it must not be negative"),
            (["ConstSpoutNullBolt", "--seconds", "inf"], "--seconds and --warmup must be positive"),
            (["micro", "nonsense"], "no micro-benchmark 'nonsense'; there are: encode"),
            (["micro", "--operations", "0"], "--operations and --rounds must be positive"),
            (["micro", "--rounds", "0"], "--operations and --rounds must be positive"),
            (["reference", "raw-udp"], "raw-udp"), (["list", "extra"], "extra"),
        ] as [([String], String)])
    func wrongArgumentsAreRefusedByName(_ arguments: [String], _ text: String) {
        let message = refusal(arguments)
        #expect(message.contains(text), "\(arguments): \(message)")
    }

    @Test func benchmarksCanBeChosenByName() throws {
        for benchmark in MicroBenchmark.all {
            let command = try StormPerf.parseAsRoot(["micro", benchmark.name, "--operations", "10"])
            #expect((command as? Micro)?.names == [benchmark.name])
        }
    }

    /// The help names them all.
    @Test func theHelpOfMicroNamesEveryBenchmark() {
        let help = StormPerf.helpMessage(for: Micro.self)
        for benchmark in MicroBenchmark.all { #expect(help.contains(benchmark.name), "\(benchmark.name)") }
    }
}
