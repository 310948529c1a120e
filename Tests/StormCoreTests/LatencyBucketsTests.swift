import StormCore
import Testing

@Suite struct LatencyBucketsTests {
    @Test func eachValueIsInTheBucketThatItDoesNotExceed() {
        for (index, bound) in LatencyBuckets.bounds.enumerated() {
            var latency = LatencyBuckets()
            latency.record(bound)
            latency.record(bound + 1)
            #expect(latency.counts[index] == 1 && latency.counts[index + 1] == 1)
            #expect(latency.count == 2 && latency.totalNanoseconds == 2 * bound + 1)
        }
    }

    @Test func aNegativeLatencyIsNone() {
        var latency = LatencyBuckets()
        latency.record(-5)
        #expect(latency.counts[0] == 1 && latency.totalNanoseconds == 0)
    }

    @Test func aHistogramsCountsUpToBoundsAddUpToAll() {
        var histogram = LatencyHistogram()
        for value: Int64 in [1, 5, 100, 1000, 1_000_000, 5_000_000_000] { histogram.record(value) }
        #expect(histogram.counts(upTo: [10, 2000, 2_000_000]) == [2, 2, 1, 1])
        #expect(histogram.counts(upTo: []) == [6])
    }

    @Test func aHistogramsValueIsCountedNoLowerThanItIs() {
        for value: Int64 in 1...5000 {
            var histogram = LatencyHistogram()
            histogram.record(value)
            #expect(histogram.counts(upTo: [value - 1])[0] == 0)
            #expect(histogram.counts(upTo: [value + value / 15 + 1])[0] == 1)
        }
    }
}
