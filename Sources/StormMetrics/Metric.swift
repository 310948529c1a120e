/// A declared metric of this system: its name, what it means, and by what it is told apart. Declared once, in
/// ``MetricCatalogue``; nothing else appears on a `/metrics` page.
package struct Metric: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// Only grows while its process lives; its name ends in `_total`.
        case counter
        case gauge
        case histogram
    }

    package let name: String
    package let kind: Kind
    /// One sentence; base units are named in the metric's name.
    package let help: String
    /// In the order in which values are given.
    package let labels: [String]
    /// Of a histogram: its bounds, ascending, without infinity.
    package let bounds: [Double]

    package static func counter(_ name: String, _ labels: [String], _ help: String) -> Metric {
        Metric(name: name, kind: .counter, help: help, labels: labels, bounds: [])
    }

    package static func counter(_ name: String, _ help: String) -> Metric { counter(name, [], help) }

    package static func gauge(_ name: String, _ labels: [String], _ help: String) -> Metric {
        Metric(name: name, kind: .gauge, help: help, labels: labels, bounds: [])
    }

    package static func gauge(_ name: String, _ help: String) -> Metric { gauge(name, [], help) }

    package static func histogram(
        _ name: String, _ labels: [String] = [], bounds: [Double], _ help: String
    ) -> Metric {
        Metric(name: name, kind: .histogram, help: help, labels: labels, bounds: bounds)
    }
}
