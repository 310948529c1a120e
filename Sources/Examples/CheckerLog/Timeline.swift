/// When messages came to the sinks: gaps and rates, and what an incident did to them.
package struct Timeline: Sendable {
    /// Microseconds since 1970, ascending.
    private let times: [Int64]

    package init(_ times: [Int64]) { self.times = times.sorted() }

    /// What an incident did, in milliseconds from it.
    package struct Recovery: Equatable, Sendable {
        /// Length of the longest silence after the incident; the time to the end of the recording does not count.
        package var longestGap: Double
        /// When the first silence was over that is at least half as long as the longest: other ones of that size come by
        /// chance. 0 when no silence was as long as `silenceMicroseconds`.
        package var flowsAgain: Double
        /// From when on each tenth of a second, for a second, saw at least 80 % of the rate before; nil: never.
        package var fullRate: Double?
        /// Whole seconds after the incident, up to the last message, that saw less than 80 % of the rate before.
        package var slowSeconds: Int
        /// Messages per second in the three seconds before.
        package var rateBefore: Double
    }

    /// Shorter silences are the ordinary course of things.
    static let silenceMicroseconds: Int64 = 50_000

    /// Nil with fewer than two arrivals.
    package var longestGapMilliseconds: Double? {
        zip(times, times.dropFirst()).map { $1 - $0 }.max().map { Double($0) / 1000 }
    }

    /// - Returns: nil when nothing came after the incident.
    package func recovery(afterMicroseconds incident: Int64) -> Recovery? {
        let start = firstIndex(from: incident)
        guard start < times.count else { return nil }
        let ends = times[start...]
        let gaps = zip(CollectionOfOne(incident) + ends, ends).map { $1 - $0 }
        let gap = gaps.max() ?? 0
        let end =
            if gap >= Self.silenceMicroseconds, let index = gaps.firstIndex(where: { $0 * 2 >= gap }) {
                times[start + index]
            } else { incident }
        let span: Int64 = 3_000_000
        let rate = Double(start - firstIndex(from: incident - span)) / 3
        return Recovery(
            longestGap: Double(gap) / 1000, flowsAgain: Double(end - incident) / 1000,
            fullRate: fullRate(after: incident, from: start, perSecond: rate),
            slowSeconds: counts(after: incident, from: start, width: 1_000_000).dropLast()
                .count { Double($0) < rate * Self.fullShare },
            rateBefore: rate)
    }

    /// The share of the rate before that counts as the full rate: bursts of the sources make it vary.
    private static let fullShare = 0.8

    private func fullRate(after incident: Int64, from start: Int, perSecond: Double) -> Double? {
        guard perSecond > 0 else { return nil }
        let wanted = perSecond * 0.1 * Self.fullShare
        var good = 0
        for (index, count) in counts(after: incident, from: start, width: 100_000).enumerated() {
            good = Double(count) >= wanted ? good + 1 : 0
            if good == 10 { return Double(index - 9) * 100 }
        }
        return nil
    }

    /// Messages in each span of `width` microseconds; the last one may be cut short.
    private func counts(after incident: Int64, from start: Int, width: Int64) -> [Int] {
        guard let last = times.last else { return [] }
        var counts = [Int](repeating: 0, count: Int((last - incident) / width) + 1)
        for time in times[start...] { counts[Int((time - incident) / width)] += 1 }
        return counts
    }

    private func firstIndex(from time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
