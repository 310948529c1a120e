/// Summed up over the worker's tasks of a component.
package enum ComponentMetrics {
    private static let each = ["topology", "component"]

    package static let tasks = Metric.gauge("storm_tasks", each, "Tasks of the component in this worker.")
    package static let emitted = Metric.counter(
        "storm_emitted_total", each + ["stream"], "Tuples emitted, by stream; exact, not sampled.")
    package static let transferred = Metric.counter(
        "storm_transferred_total", each, "Copies handed to target tasks; ack traffic is not counted.")
    package static let executed = Metric.counter(
        "storm_executed_total", each + ["source"], "Tuples executed by a bolt, by the component that emitted them.")
    package static let acked = Metric.counter(
        "storm_acked_total", each, "Spout: messages whose trees completed; bolt: tuples acked.")
    package static let failed = Metric.counter(
        "storm_failed_total", each, "Spout: messages that failed, each attempt; bolt: tuples failed.")
    package static let failures = Metric.counter(
        "storm_failures_total", each + ["reason"],
        "Spout: failed messages by reason: explicit, timeout, worker_lost, threw, bad_field, bad_emit, other."
    )
    package static let pending = Metric.gauge(
        "storm_pending", each, "Spout: messages neither acked nor failed; acker: trees watched.")
    package static let retrying = Metric.gauge(
        "storm_retrying", each, "Spout with a retry policy: messages that wait for their next attempt.")
    package static let replayed = Metric.counter(
        "storm_replayed_total", each, "Spout with a retry policy: emits after the first one of a message.")
    package static let deadLettered = Metric.counter(
        "storm_dead_lettered_total", each, "Spout with a retry policy: messages given up and stored.")
    package static let errors = Metric.counter(
        "storm_component_errors_total", each, "Errors that the component threw or reported.")
    package static let queued = Metric.gauge(
        "storm_unexecuted_bytes", each,
        "Bytes that the component has sent and its receivers have not executed yet: the queues behind it.")
    package static let blocked = Metric.gauge(
        "storm_blocked_edges", each,
        "Pairs of a task and a receiver without credit: while above 0 the component waits for its receivers.")
    package static let busy = Metric.counter(
        "storm_busy_seconds_total", each,
        "Time that the component's executors were at work; its rate, divided by storm_executors, is the capacity.")
    package static let executors = Metric.gauge("storm_executors", each, "Executors of the component in this worker.")
    package static let complete = Metric.histogram(
        "storm_complete_latency_seconds", each, bounds: LatencyBounds.complete,
        "Spout: from the emit of a message to the end of its tree, every acked message.")
    package static let execute = Metric.histogram(
        "storm_execute_latency_seconds", each, bounds: LatencyBounds.execute,
        "Bolt: time in execute of sampled tuples; of an async bolt, of every call.")
    package static let process = Metric.histogram(
        "storm_process_latency_seconds", each, bounds: LatencyBounds.execute,
        "Bolt: from the start of execute to the ack, of those sampled tuples that were acked within it; of an async bolt every call that was acked."
    )

    static let all = [
        tasks, executors, emitted, transferred, executed, acked, failed, failures, pending, retrying, replayed,
        deadLettered, errors, queued, blocked, busy, complete, execute, process,
    ]
}
