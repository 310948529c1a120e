/// What a histogram shows: how many values were at most so large.
package struct Distribution: Sendable, Equatable {
    /// Upper bounds, ascending, without infinity.
    package var bounds: [Double]
    /// Values in each bucket, not cumulative: those above the bound before and at most its own; the last entry counts
    /// those above all bounds.
    package var counts: [Int]
    package var sum: Double

    package init(bounds: [Double], counts: [Int], sum: Double) {
        precondition(counts.count == bounds.count + 1, "a bucket for each bound and one for the rest")
        self.bounds = bounds
        self.counts = counts
        self.sum = sum
    }

    package init(bounds: [Double]) {
        self.init(bounds: bounds, counts: Array(repeating: 0, count: bounds.count + 1), sum: 0)
    }

    package var count: Int { counts.reduce(0, +) }

    /// O(bounds).
    package mutating func add(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    /// - Precondition: the same bounds.
    package mutating func merge(_ other: Distribution) {
        precondition(bounds == other.bounds, "histograms with other bounds cannot be added")
        for index in counts.indices { counts[index] += other.counts[index] }
        sum += other.sum
    }
}
