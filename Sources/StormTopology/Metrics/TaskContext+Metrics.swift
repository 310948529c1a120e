/// Metrics of a component's own: made once, in `open` or `prepare`, and updated from wherever the component works. They are
/// on the worker's page `/metrics` as `storm_user_…{component="…",name="…"}`, added up over the tasks of the component.
///
/// ```swift
/// final class Parse: Bolt {
///     private var broken: MetricCounter?
///
///     func prepare(_ context: TaskContext, _ out: Collector) {
///         broken = context.counter("broken_lines")
///     }
///
///     func execute(_ tuple: Tuple, _ out: Collector) {
///         if tuple.string(0).isEmpty { broken?.increment() }
///         out.ack(tuple)
///     }
/// }
/// ```
extension TaskContext {
    /// A number that only grows; the same one for the same name. At most 100 names per task.
    public func counter(_ name: String) -> MetricCounter { metrics.counter(name) }

    /// A number that is set.
    public func gauge(_ name: String) -> MetricGauge { metrics.gauge(name) }

    /// A number that is asked for when somebody looks, on the task's executor. Must not block.
    public func gauge(_ name: String, _ read: @escaping () -> Double) { metrics.gauge(name, read) }

    /// How long something takes, in seconds.
    public func timer(_ name: String) -> MetricTimer { metrics.timer(name) }

    /// How large something is.
    /// - Parameter bounds: upper ends of the buckets; the same in all tasks of the component.
    public func histogram(
        _ name: String, bounds: [Double] = MetricHistogram.defaultBounds
    ) -> MetricHistogram { metrics.histogram(name, bounds: bounds) }

    /// All of these, sorted by name. On the task's executor.
    package var userMetrics: [UserMetric] { metrics.isEmpty ? [] : metrics.values }
}
