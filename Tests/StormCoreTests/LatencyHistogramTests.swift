import Foundation
import Testing

@testable import StormCore

@Suite struct LatencyHistogramTests {
    /// Values of every size, more small ones than large ones.
    private func samples(_ seed: UInt64, count: Int) -> [Int64] {
        var random = FastRandom(seed: seed)
        return (0..<count).map { _ in
            Int64.random(in: 0...(1 << Int64.random(in: 0...40, using: &random)), using: &random)
        }
    }

    private func histogram(_ values: [Int64]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for value in values { histogram.record(value) }
        return histogram
    }

    @Test func bucketsFollowOneAnotherWithoutGapOrOverlap() {
        let last = LatencyHistogram().counts.count - 1
        var next: Int64 = 0
        for bucket in 0...last {
            let upper = LatencyHistogram.upperBound(bucket)
            #expect(upper >= next, "bucket \(bucket)")
            #expect(LatencyHistogram.bucket(next) == bucket)
            #expect(LatencyHistogram.bucket(upper) == bucket)
            next = upper + 1
        }
        // 2^41 nanoseconds are 36 minutes.
        #expect(next == 1 << 41)
    }

    @Test func aBucketIsNarrowerThanASixteenthOfItsValues() {
        var lower: Int64 = 0
        for bucket in LatencyHistogram().counts.indices {
            let upper = LatencyHistogram.upperBound(bucket)
            #expect(Double(upper - lower) <= 0.0625 * Double(lower), "bucket \(bucket) is \(lower)...\(upper)")
            lower = upper + 1
        }
    }

    @Test(arguments: UInt64(0)..<20)
    func quantilesAreExactToSixAndAQuarterPercent(_ seed: UInt64) {
        let values = samples(seed, count: 1 + Int(seed) * 517)
        let sorted = values.sorted()
        let histogram = histogram(values)
        #expect(histogram.count == UInt64(values.count))
        #expect(histogram.maxNanoseconds == sorted.last)
        for fraction in [0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
            let exact = sorted[max(0, Int((fraction * Double(sorted.count)).rounded(.up)) - 1)]
            let told = histogram.quantile(fraction)
            #expect(told >= exact && Double(told) <= Double(exact) * 1.0625, "seed \(seed): \(fraction) of \(exact)")
        }
        #expect(histogram.quantile(1) == sorted.last)
    }

    @Test func quantilesNeverFallWhenTheFractionGrows() {
        let histogram = histogram(samples(7, count: 2_000))
        var last: Int64 = 0
        for step in 0...1_000 {
            let value = histogram.quantile(Double(step) / 1_000)
            #expect(value >= last)
            last = value
        }
    }

    @Test func anEmptyOneSaysZero() {
        let empty = LatencyHistogram()
        #expect(empty.count == 0 && empty.quantile(0.5) == 0 && empty.quantile(1) == 0 && empty.maxNanoseconds == 0)
        #expect(empty.since(empty) == empty)
    }

    @Test func zeroAndNegativeValuesAreInTheFirstBucket() {
        let histogram = histogram([0, -1, Int64.min])
        #expect(histogram.counts[0] == 3 && histogram.count == 3)
        #expect(histogram.quantile(0.5) == 0 && histogram.quantile(1) == 0 && histogram.maxNanoseconds == 0)
    }

    @Test func valuesBeyondTheLastBucketAreInItAndTheMaximumStaysExact() {
        let beyond = histogram([1 << 41, Int64.max])
        #expect(beyond.counts.last == 2)
        #expect(beyond.maxNanoseconds == .max)
        // The last bucket's end is all that is known of a quantile there.
        #expect(beyond.quantile(0.5) == (1 << 41) - 1)
        let single = histogram([(1 << 41) - 1])
        #expect(single.counts.last == 1 && single.quantile(0.5) == (1 << 41) - 1)
    }

    @Test func oneValueIsEveryQuantile() {
        for value: Int64 in [1, 15, 16, 17, 1_000, 123_456_789] {
            let histogram = histogram([value])
            #expect([0, 0.5, 0.999, 1].allSatisfy { histogram.quantile($0) == value }, "\(value)")
        }
    }

    @Test(arguments: UInt64(0)..<10)
    func mergedHistogramsAreTheHistogramOfAllValues(_ seed: UInt64) {
        let first = samples(seed, count: 400)
        let second = samples(seed + 100, count: Int(seed) * 30)
        var merged = histogram(first)
        merged.merge(histogram(second))
        #expect(merged == histogram(first + second))
    }

    @Test(arguments: UInt64(0)..<10)
    func theDifferenceOfTwoStatesIsWhatCameBetween(_ seed: UInt64) {
        let early = samples(seed, count: 300)
        let late = samples(seed + 100, count: Int(seed) * 40)
        let before = histogram(early)
        var after = before
        for value in late { after.record(value) }
        let between = after.since(before)
        let expected = histogram(late)
        #expect(between.counts == expected.counts)
        // The maximum may have come before: then only its bucket is known.
        #expect(between.maxNanoseconds >= expected.maxNanoseconds)
        #expect(Double(between.maxNanoseconds) <= Double(expected.maxNanoseconds) * 1.0625)
        for fraction in [0.1, 0.5, 0.99] {
            #expect(between.quantile(fraction) >= expected.quantile(fraction))
            #expect(Double(between.quantile(fraction)) <= Double(expected.quantile(fraction)) * 1.0625)
        }
        #expect(after.since(after) == LatencyHistogram())
        #expect(after.since(LatencyHistogram()).counts == after.counts)
    }

    @Test func itSurvivesJSON() throws {
        for histogram in [LatencyHistogram(), histogram(samples(3, count: 1_000)), histogram([0, -5, .max])] {
            let data = try JSONEncoder().encode(histogram)
            #expect(try JSONDecoder().decode(LatencyHistogram.self, from: data) == histogram)
        }
    }

    @Test func itsSizeDoesNotDependOnWhatItHolds() {
        #expect(histogram(samples(1, count: 5_000)).counts.count == LatencyHistogram().counts.count)
        #expect(LatencyHistogram().counts.count * MemoryLayout<UInt64>.stride <= 6 << 10)
    }
}
