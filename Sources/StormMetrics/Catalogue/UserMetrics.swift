/// What components count themselves (`context.counter("name")` and its like); `name` is the name they chose.
package enum UserMetrics {
    private static let each = ["topology", "component", "name"]

    package static let counter = Metric.counter("storm_user_counter_total", each, "A counter of a component.")
    package static let gauge = Metric.gauge(
        "storm_user_gauge", each, "A gauge of a component, added up over its tasks in this worker.")
    package static let timer = Metric.histogram(
        "storm_user_timer_seconds", each, bounds: LatencyBounds.execute, "A timer of a component.")
    package static let histogram = Metric.histogram(
        "storm_user_histogram", each, bounds: [], "A histogram of a component, with the bounds that it chose.")

    static let all = [counter, gauge, timer, histogram]
}
