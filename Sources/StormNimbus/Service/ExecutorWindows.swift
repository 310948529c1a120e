import StormCluster
import StormCore

/// The windows of time that Storm's interface knows.
enum StatisticsWindow {
    /// Seconds as text, and all time.
    static let all = ["600", "10800", "86400", ExecutorBeat.allTime]
    /// The one that capacity is of.
    static let ofCapacity = "600"

    /// Components and streams of the system itself are named so.
    static func isSystem(_ name: String) -> Bool { name.hasPrefix("__") }
}

extension ExecutorBeat {
    /// Numbers of the window. A worker leaves out windows that are longer than it has been up: there they are those of
    /// all time. A window that is not known has no numbers.
    func counts(in window: String) -> ExecutorCounts {
        if let counts = windows[window] { return counts }
        guard let seconds = Int(window), StatisticsWindow.all.contains(window), uptimeSeconds <= seconds else {
            return ExecutorCounts()
        }
        return windows[Self.allTime] ?? ExecutorCounts()
    }

    /// Every window with its numbers, as Storm's clients expect them.
    var allWindows: [String: ExecutorCounts] {
        Dictionary(uniqueKeysWithValues: StatisticsWindow.all.map { ($0, counts(in: $0)) })
    }

    /// Storm's measure of how busy a bolt is: the part of the last ten minutes spent in `execute`; 1 is saturated. Never more:
    /// where executions overlap (an async bolt, children of several tasks), or tuples wait at a child that are counted as
    /// executed, the product is larger than the time in which there was work.
    var capacity: Double {
        guard !isSpout, uptimeSeconds > 0 else { return 0 }
        let counts = counts(in: StatisticsWindow.ofCapacity)
        let busy = counts.executed.reduce(0) { $0 + Double($1.value) * (counts.executeMilliseconds[$1.key] ?? 0) }
        return min(1, busy / (1000 * Double(min(uptimeSeconds, 600))))
    }
}

/// The mean of means, each weighing as much as what it is of.
struct WeightedMean: Hashable {
    private var sum = 0.0
    private var weight = 0.0

    mutating func add(_ mean: Double, weight count: Int64) {
        guard count > 0, mean.isFinite else { return }
        sum += mean * Double(count)
        weight += Double(count)
    }

    /// 0 of nothing.
    var value: Double { weight > 0 ? sum / weight : 0 }
}
