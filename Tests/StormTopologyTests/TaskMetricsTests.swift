import Logging
import StormCore
import Testing

@testable import StormTopology

@Suite struct TaskMetricsTests {
    private let metrics = TaskMetrics(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    @Test func aNameIsOneInstrument() {
        metrics.counter("words").increment()
        metrics.counter("words").increment(by: 2)
        metrics.gauge("size").set(3)
        metrics.gauge("size").set(2.5)
        #expect(
            metrics.values == [
                UserMetric(name: "size", value: .gauge(2.5)), UserMetric(name: "words", value: .counter(3)),
            ])
    }

    @Test func aGaugeMayBeReadWhenSomebodyLooks() {
        var number = 1.0
        metrics.gauge("depth") { number }
        number = 7
        #expect(metrics.values == [UserMetric(name: "depth", value: .gauge(7))])
    }

    @Test func aTimerAddsUpDurations() throws {
        let timer = metrics.timer("lookup")
        timer.record(.milliseconds(2))
        timer.record(.microseconds(500))
        #expect(timer.value.totalNanoseconds == 2_500_000 && timer.value.count == 2)
        struct Fault: Error {}
        #expect(throws: Fault.self) { try timer.time { throw Fault() } }
        #expect(timer.value.count == 3)
    }

    @Test func aHistogramCountsIntoItsBuckets() {
        let sizes = metrics.histogram("bytes", bounds: [10, 1, .infinity, 1])
        for size in [0, 1, 2, 10, 11] { sizes.record(size) }
        sizes.record(.nan)
        #expect(sizes.value == MetricHistogram.Snapshot(bounds: [1, 10], counts: [2, 2, 1], sum: 24))
    }

    @Test func aNameOfAnotherKindAndOneTooManyAreNotShown() {
        metrics.counter("x").increment()
        metrics.gauge("x").set(5)
        #expect(metrics.values == [UserMetric(name: "x", value: .counter(1))])
        for number in 0..<200 { metrics.counter("c\(number)").increment() }
        #expect(metrics.values.count == TaskMetrics.namesMax)
    }
}
