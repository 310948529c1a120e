/// The values of one moment, by metric and label values; becomes the text of a `/metrics` page. A value type: made for one
/// answer, filled, and written out.
///
/// ```swift
/// var sheet = MetricSheet()
/// sheet.add(WorkerMetrics.acked, ["words", "count"], 42)
/// let text = sheet.text()
/// ```
package struct MetricSheet: Sendable {
    enum Content: Sendable, Equatable {
        case number(Double)
        case distribution(Distribution)
    }

    struct Family: Sendable {
        let metric: Metric
        /// By label values.
        var series: [[String]: Content] = [:]
    }

    private(set) var families: [String: Family] = [:]
    /// Names in the order of their first value.
    private(set) var order: [String] = []

    package init() {}

    /// Adds to the series with these label values: several tasks of a component add up.
    /// - Precondition: as many values as the metric has labels; no histogram.
    package mutating func add(_ metric: Metric, _ labels: [String], _ value: Double) {
        precondition(metric.kind != .histogram, "\(metric.name) is a histogram")
        update(metric, labels) { old in
            if case .number(let before)? = old { .number(before + value) } else { .number(value) }
        }
    }

    package mutating func add(_ metric: Metric, _ labels: [String], _ value: Int) {
        add(metric, labels, Double(value))
    }

    /// 1 or 0.
    package mutating func add(_ metric: Metric, _ labels: [String], _ value: Bool) {
        add(metric, labels, value ? 1.0 : 0.0)
    }

    /// - Precondition: as many values as the metric has labels; a histogram. Within one series bounds do not change.
    package mutating func add(_ metric: Metric, _ labels: [String], _ value: Distribution) {
        precondition(metric.kind == .histogram, "\(metric.name) is no histogram")
        update(metric, labels) { old in
            guard case .distribution(var merged)? = old else { return .distribution(value) }
            merged.merge(value)
            return .distribution(merged)
        }
    }

    private mutating func update(_ metric: Metric, _ labels: [String], _ change: (Content?) -> Content) {
        precondition(labels.count == metric.labels.count, "\(metric.name) has the labels \(metric.labels)")
        if families[metric.name] == nil {
            families[metric.name] = Family(metric: metric)
            order.append(metric.name)
        }
        let old = families[metric.name]?.series[labels]
        families[metric.name]?.series[labels] = change(old)
    }
}
