/// Latencies, counted in a few buckets from 1 µs to 10 s, and their sum: 200 bytes, where `LatencyHistogram` has 5 KB.
/// Recording is O(buckets) and allocates nothing.
public struct LatencyBuckets: Sendable, Equatable {
    /// Upper bounds in nanoseconds, ascending.
    public static let bounds: [Int64] = [
        1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000,
        10_000_000_000,
    ]

    /// Values up to each bound and above the one before; the last entry counts those above all bounds.
    public private(set) var counts: [Int]
    public private(set) var totalNanoseconds: Int64 = 0
    public private(set) var count = 0

    public init() { counts = Array(repeating: 0, count: Self.bounds.count + 1) }

    /// Negative values count as 0.
    public mutating func record(_ nanoseconds: Int64) { record(nanoseconds, times: 1) }

    /// The same value several times.
    public mutating func record(_ nanoseconds: Int64, times: Int) {
        let value = max(0, nanoseconds)
        counts[Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count] += times
        totalNanoseconds += value * Int64(times)
        count += times
    }
}

extension LatencyHistogram {
    /// How many values were at most `bounds[i]` and above the bound before; the last entry counts those above all bounds.
    /// A value counts by the upper end of its bucket: one that is up to 6.25 % below a bound may count above it.
    /// - Parameter bounds: nanoseconds, ascending.
    public func counts(upTo bounds: [Int64]) -> [Int] {
        var result = Array(repeating: 0, count: bounds.count + 1)
        var index = 0
        for (bucket, count) in counts.enumerated() where count > 0 {
            let upper = Self.upperBound(bucket)
            while index < bounds.count, upper > bounds[index] { index += 1 }
            result[index] += Int(count)
        }
        return result
    }
}
