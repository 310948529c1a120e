package enum ZooKeeperMetrics {
    package static let state = Metric.gauge(
        "storm_zookeeper_session_state", ["state"],
        "1 for the session's present state, 0 for the others: connecting, connected, suspended, lost, closed.")
    package static let sessions = Metric.counter(
        "storm_zookeeper_sessions_total", "Sessions opened; more than 1 means that one was lost.")
    package static let requests = Metric.counter(
        "storm_zookeeper_requests_total", ["operation"], "Requests that ended, by operation.")
    package static let failures = Metric.counter(
        "storm_zookeeper_request_failures_total", ["operation"],
        "Requests without an answer about the node: a lost connection, no answer in time, a refusal.")
    package static let writes = Metric.counter(
        "storm_zookeeper_writes_total", "Requests that write; a multi counts as one.")
    package static let latency = Metric.histogram(
        "storm_zookeeper_request_duration_seconds", ["operation"], bounds: LatencyBounds.request,
        "Time of a request, waiting for a connection included.")

    static let all = [state, sessions, requests, failures, writes, latency]
}
