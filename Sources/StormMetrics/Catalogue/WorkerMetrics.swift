package enum WorkerMetrics {
    package static let info = Metric.gauge(
        "storm_worker_info", ["topology", "topology_id", "host", "port", "supervisor"],
        "Always 1; where the worker runs and for whom in its labels.")
    package static let state = Metric.gauge(
        "storm_worker_state", ["topology", "state"],
        "1 for the worker's present state, 0 for the others: starting, running, draining.")
    package static let executors = Metric.gauge("storm_worker_executors", ["topology"], "Executors in this worker.")
    package static let silent = Metric.gauge(
        "storm_worker_silent_spout_tasks", ["topology"],
        "Spout tasks that did not answer: not open yet, or held up in their own code for seconds.")
    package static let dropped = Metric.counter(
        "storm_worker_dropped_tuples_total", ["topology", "reason"],
        "Tuples that this worker threw away, by reason as in /audit; their trees fail or time out, none is lost silently."
    )
    package static let peers = Metric.gauge(
        "storm_worker_connections", ["topology", "state"], "Connections to other workers: open, waiting.")
    package static let reconnects = Metric.counter(
        "storm_worker_reconnects_total", ["topology"], "Connections to other workers that were built up again.")
    package static let bytes = Metric.counter(
        "storm_worker_network_bytes_total", ["topology", "direction"], "Bytes of tuples to and from other workers.")
    package static let frames = Metric.counter(
        "storm_worker_network_frames_total", ["topology", "direction"], "Frames to and from other workers.")
    package static let tuples = Metric.counter(
        "storm_worker_network_tuples_total", ["topology", "direction"],
        "Tuples and ack records to and from other workers.")
    package static let unconfirmedBytes = Metric.gauge(
        "storm_worker_unconfirmed_bytes", ["topology"],
        "Bytes sent to other workers that they have not executed yet.")

    static let all = [
        info, state, executors, silent, dropped, peers, reconnects, bytes, frames, tuples, unconfirmedBytes,
    ]
}
