import StormConsole
import StormThrift
import Testing

@Suite struct ThroughputMonitorTests {
    private func info(_ counts: [Int64?], component: String = "split") -> Thrift.TopologyInfo {
        var info = Thrift.TopologyInfo()
        info.name = "wc"
        info.executors = counts.map { count in
            var executor = Thrift.ExecutorSummary()
            executor.componentID = component
            if let count {
                var stats = Thrift.ExecutorStats()
                stats.emitted = [ThroughputMonitor.allTime: ["default": count]]
                stats.transferred = [ThroughputMonitor.allTime: ["default": count * 2]]
                executor.stats = stats
            }
            return executor
        }
        return info
    }

    @Test func theFirstRowIsTheWholeCountAndFurtherOnesAreDifferences() throws {
        var monitor = ThroughputMonitor(component: "split", stream: "default", watch: .emitted)
        #expect(try monitor.row(info([10, 20]), timeMilliseconds: 1000).text == "wc\tsplit\t2\tdefault\t0\t30\t0.0")
        #expect(
            try monitor.row(info([2010, 2020]), timeMilliseconds: 3000).text == "wc\tsplit\t2\tdefault\t2000\t4000\t2.0"
        )
        // A worker that started again counts from zero; nothing moved.
        #expect(try monitor.row(info([5, 5]), timeMilliseconds: 4000).text == "wc\tsplit\t2\tdefault\t1000\t0\t0.0")
    }

    @Test func transferredIsCountedOnRequest() throws {
        var monitor = ThroughputMonitor(component: "split", stream: "default", watch: .transferred)
        #expect(monitor.header.contains("\ttransferred\t"))
        #expect(try monitor.row(info([4]), timeMilliseconds: 1).text.hasSuffix("\t8\t0.0"))
    }

    @Test func whatIsNotThereIsNamed() throws {
        var monitor = ThroughputMonitor(component: "splt", stream: "default", watch: .emitted)
        let missing = #expect(throws: CommandFailure.self) { try monitor.row(info([1]), timeMilliseconds: 0) }
        #expect(missing?.message == "component: splt not found; there are split")
        var other = ThroughputMonitor(component: "split", stream: "odd", watch: .emitted)
        let stream = #expect(throws: CommandFailure.self) { try other.row(info([1]), timeMilliseconds: 0) }
        #expect(stream?.message.hasPrefix("stream: odd not found") == true)
        // A worker that has not reported yet is not a reason to stop.
        #expect(try other.row(info([nil]), timeMilliseconds: 0).text.hasSuffix("\t0\t0.0"))
    }

    @Test func withoutAComponentTheyAreListed() {
        let lines = ThroughputMonitor.components(info([1, 2]))
        #expect(lines.first == "Available components for wc :" && lines.contains("split") && lines.count == 5)
    }
}
