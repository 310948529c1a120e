package enum SupervisorMetrics {
    package static let slots = Metric.gauge("storm_supervisor_slots", "Slots of this supervisor.")
    package static let slotsUsed = Metric.gauge("storm_supervisor_slots_used", "Slots that have a worker, or get one.")
    package static let workers = Metric.gauge(
        "storm_supervisor_workers", ["state"],
        "Slots by what their worker does: downloading, starting, running, stopping, killing, left (ended in order, not known yet why), backing_off."
    )
    package static let starts = Metric.counter("storm_supervisor_worker_starts_total", "Workers started.")
    package static let exits = Metric.counter(
        "storm_supervisor_worker_exits_total", ["kind"],
        "Workers that ended: success (code 0), error (another code), signal, unknown (not seen).")
    package static let failures = Metric.counter(
        "storm_supervisor_worker_failures_total", ["kind"],
        "What should not have happened on a slot: exit, signal, hung, launch, download.")
    package static let downloads = Metric.counter(
        "storm_supervisor_downloads_total", "Times that a topology's code was asked for and became ready.")
    package static let downloadFailures = Metric.counter(
        "storm_supervisor_download_failures_total", "Times that a topology's code did not arrive.")
    package static let draining = Metric.gauge(
        "storm_supervisor_draining", "1 while it has its slots emptied before it stops.")

    static let all = [
        slots, slotsUsed, workers, starts, exits, failures, downloads, downloadFailures, draining,
    ]
}
