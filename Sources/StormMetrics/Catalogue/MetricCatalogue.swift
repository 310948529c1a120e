import StormCore

/// Every metric there is, in the order in which pages and documents show them.
package enum MetricCatalogue {
    /// Metrics that belong together.
    package struct Group: Sendable {
        package let title: String
        /// Which pages have them.
        package let pages: String
        package let metrics: [Metric]
    }

    package static let groups: [Group] = [
        Group(
            title: "Every process", pages: "nimbus, supervisor, worker, ui, logviewer", metrics: ProcessMetrics.all),
        Group(
            title: "Connection to ZooKeeper", pages: "nimbus, supervisor, worker", metrics: ZooKeeperMetrics.all),
        Group(title: "Nimbus", pages: "nimbus", metrics: NimbusMetrics.all),
        Group(title: "Supervisor", pages: "supervisor", metrics: SupervisorMetrics.all),
        Group(title: "Worker", pages: "worker", metrics: WorkerMetrics.all),
        Group(title: "Components of a topology", pages: "worker", metrics: ComponentMetrics.all),
        Group(title: "Metrics of users' components", pages: "worker", metrics: UserMetrics.all),
    ]

    package static var all: [Metric] { groups.flatMap(\.metrics) }
}

/// Bounds of latencies, in seconds.
package enum LatencyBounds {
    /// Of a bolt's `execute`: 1 µs to 10 s.
    package static let execute = LatencyBuckets.bounds.map { Double($0) / 1e9 }
    /// Of a message, from its emit to the end of its tree: 0.1 ms to 2 min.
    package static let complete: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
    ]
    /// Of requests and of work in a daemon: 1 ms to 10 s.
    package static let request: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
}
