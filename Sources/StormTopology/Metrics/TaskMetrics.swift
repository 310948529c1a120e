import Logging

/// The metrics that one task's component has made, by name. Confined to the task's executor; the instruments are not.
final class TaskMetrics {
    /// Most names of one task.
    static let namesMax = 100

    private enum Instrument {
        case counter(MetricCounter)
        case gauge(MetricGauge)
        case read(() -> Double)
        case timer(MetricTimer)
        case histogram(MetricHistogram)
    }

    private var instruments: [String: Instrument] = [:]
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// One that the component made under this name before, or a new one. A name that is taken by another kind, or one too
    /// many, gives one that nobody sees.
    func counter(_ name: String) -> MetricCounter {
        if case .counter(let known)? = instruments[name] { return known }
        let new = MetricCounter()
        add(name, .counter(new))
        return new
    }

    func gauge(_ name: String) -> MetricGauge {
        if case .gauge(let known)? = instruments[name] { return known }
        let new = MetricGauge()
        add(name, .gauge(new))
        return new
    }

    func gauge(_ name: String, _ read: @escaping () -> Double) { add(name, .read(read)) }

    func timer(_ name: String) -> MetricTimer {
        if case .timer(let known)? = instruments[name] { return known }
        let new = MetricTimer()
        add(name, .timer(new))
        return new
    }

    func histogram(_ name: String, bounds: [Double]) -> MetricHistogram {
        if case .histogram(let known)? = instruments[name] { return known }
        let new = MetricHistogram(bounds: bounds)
        add(name, .histogram(new))
        return new
    }

    private func add(_ name: String, _ instrument: Instrument) {
        guard instruments[name] == nil, instruments.count < Self.namesMax, !name.isEmpty else {
            logger.warning(
                "a metric is not shown: its name is taken or empty, or there are \(Self.namesMax) already",
                metadata: ["metric": "\(name)"])
            return
        }
        instruments[name] = instrument
    }

    /// Sorted by name. On the task's executor: gauges may read what belongs to it.
    var values: [UserMetric] {
        instruments.sorted { $0.key < $1.key }.map { name, instrument in
            let value: UserMetric.Value =
                switch instrument {
                case .counter(let counter): .counter(counter.value)
                case .gauge(let gauge): .gauge(gauge.value)
                case .read(let read): .gauge(read())
                case .timer(let timer): .timer(timer.value)
                case .histogram(let histogram): .histogram(histogram.value)
                }
            return UserMetric(name: name, value: value)
        }
    }

    var isEmpty: Bool { instruments.isEmpty }
}
