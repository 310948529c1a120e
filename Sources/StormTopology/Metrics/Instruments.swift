public import StormCore
import Synchronization

/// A number that only grows: events counted by a component. Any thread; adding is one atomic addition.
public final class MetricCounter: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    /// - Precondition: `amount` is not negative.
    public func increment(by amount: Int = 1) {
        precondition(amount >= 0, "a counter only grows")
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    public var value: Int { count.load(ordering: .relaxed) }
}

/// A number that goes up and down, as it was set last. Any thread.
public final class MetricGauge: Sendable {
    private let bits = Atomic<UInt64>(0)

    package init() {}

    public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    public func set(_ value: Int) { set(Double(value)) }

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}

/// How long something takes, spread over buckets. Any thread.
public final class MetricTimer: Sendable {
    private let latency = Mutex(LatencyBuckets())

    package init() {}

    public func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        latency.withLock { $0.record(seconds * 1_000_000_000 + attoseconds / 1_000_000_000) }
    }

    /// Times a call, also one that throws.
    public func time<Value>(_ body: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now
        defer { record(start.duration(to: .now)) }
        return try body()
    }

    public var value: LatencyBuckets { latency.withLock { $0 } }
}

/// How large something is, spread over buckets of the component's choice. Any thread.
public final class MetricHistogram: Sendable {
    /// Powers of ten with 2.5 and 5 between them, from 1 to a million.
    public static let defaultBounds: [Double] = [
        1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000,
    ]
    /// Most bounds of one histogram.
    public static let boundsMax = 50

    /// A value of one moment.
    public struct Snapshot: Sendable, Equatable {
        /// Ascending.
        public var bounds: [Double]
        /// Values up to each bound and above the one before; the last entry counts those above all bounds.
        public var counts: [Int]
        public var sum: Double
    }

    private let content: Mutex<Snapshot>

    /// - Parameter bounds: sorted here; what is not finite, or too much, is left out.
    package init(bounds: [Double]) {
        let bounds = Array(Set(bounds.filter(\.isFinite)).sorted().prefix(Self.boundsMax))
        content = Mutex(Snapshot(bounds: bounds, counts: Array(repeating: 0, count: bounds.count + 1), sum: 0))
    }

    /// A value that is not a number is not counted.
    public func record(_ value: Double) {
        guard !value.isNaN else { return }
        content.withLock { content in
            content.counts[content.bounds.firstIndex { value <= $0 } ?? content.bounds.count] += 1
            content.sum += value
        }
    }

    public func record(_ value: Int) { record(Double(value)) }

    public var value: Snapshot { content.withLock { $0 } }
}

/// A component's own metric with its present value.
public struct UserMetric: Sendable, Equatable {
    public enum Value: Sendable, Equatable {
        case counter(Int)
        case gauge(Double)
        case timer(LatencyBuckets)
        case histogram(MetricHistogram.Snapshot)
    }

    public var name: String
    public var value: Value

    public init(name: String, value: Value) {
        self.name = name
        self.value = value
    }
}
