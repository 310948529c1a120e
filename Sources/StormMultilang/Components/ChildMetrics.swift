import StormTopology

/// What a child reports of its own (`metrics`), kept as the task's own metrics, where a Swift component's are, too.
///
/// No parameter adds one and a whole number adds itself, as Storm's `CountShellMetric` has it; any other number is the new value of a
/// gauge, as of its `AssignableShellMetric`. The first message of a name decides which of the two it is, or its `kind`
/// ("counter", "gauge"). They outlive the child: the next one goes on counting. Confined to the executor.
struct ChildMetrics {
    /// Most names of one child; a task has room for as many in all.
    static let namesMax = 100
    static let nameBytesMax = 200
    /// Reports that are not kept are told of so often; after that somebody knows.
    static let refusalsMax = 10

    private enum Instrument {
        case counter(MetricCounter)
        case gauge(MetricGauge)
    }

    private let context: TaskContext
    private var instruments: [String: Instrument] = [:]
    private var refusals = 0

    init(_ context: TaskContext) { self.context = context }

    /// Keeps a report. - Returns: why it is not kept; nil: it is, or that was told often enough.
    mutating func keep(_ metric: ChildMessage.Metric, name: String) -> String? {
        guard let reason = refusal(metric, name) else { return nil }
        refusals += 1
        guard refusals <= Self.refusalsMax else { return nil }
        return "metric '\(name.prefix(100))' of the child is not kept: \(reason)"
    }

    private mutating func refusal(_ metric: ChildMessage.Metric, _ name: String) -> String? {
        guard let instrument = instruments[name] else {
            guard !name.isEmpty, name.utf8.count <= Self.nameBytesMax else {
                return "its name has \(name.utf8.count) bytes, 1 to \(Self.nameBytesMax) are allowed"
            }
            guard instruments.count < Self.namesMax else { return "there are \(Self.namesMax) already" }
            if let reason = unfit(metric, isCounter: metric.isCounter) { return reason }
            let new = metric.isCounter ? Instrument.counter(context.counter(name)) : .gauge(context.gauge(name))
            instruments[name] = new
            return apply(metric, to: new)
        }
        return apply(metric, to: instrument)
    }

    private func apply(_ metric: ChildMessage.Metric, to instrument: Instrument) -> String? {
        switch instrument {
        case .counter(let counter):
            if let reason = unfit(metric, isCounter: true) { return reason }
            counter.increment(by: metric.amount)
        case .gauge(let gauge):
            if let reason = unfit(metric, isCounter: false) { return reason }
            gauge.set(metric.number)
        }
        return nil
    }

    private func unfit(_ metric: ChildMessage.Metric, isCounter: Bool) -> String? {
        switch (metric.value, isCounter) {
        case (.none, true): nil
        case (.int(let value), true): (0...Int64(Int32.max)).contains(value) ? nil : "it counts, and was given \(value)"
        case (.double(let value), true): "it counts, and was given \(value)"
        case (.int, false): nil
        case (.double(let value), false): value.isFinite ? nil : "\(value) is no number"
        case (.none, false): "it is a gauge, and was given nothing"
        case (.other, _): "its value is neither a number nor null"
        }
    }
}

extension ChildMessage.Metric {
    fileprivate var isCounter: Bool {
        if let kind { return kind == .counter }
        if case .double = value { return false }
        return true
    }

    fileprivate var amount: Int { if case .int(let value) = value { Int(value) } else { 1 } }

    fileprivate var number: Double {
        switch value {
        case .int(let value): Double(value)
        case .double(let value): value
        case .none, .other: 0
        }
    }
}
