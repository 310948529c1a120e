package enum NimbusMetrics {
    package static let leader = Metric.gauge(
        "storm_nimbus_leader",
        "1 on the nimbus that leads, 0 on the others; what concerns the whole cluster is on the leader's page only.")
    package static let nimbuses = Metric.gauge("storm_nimbuses", "Nimbuses that are up.")
    package static let topologies = Metric.gauge(
        "storm_topologies", ["status"], "Topologies by status: active, inactive, rebalancing, killed.")
    package static let supervisors = Metric.gauge("storm_supervisors", "Supervisors that are registered.")
    package static let slots = Metric.gauge("storm_slots", "Slots of all registered supervisors.")
    package static let slotsUsed = Metric.gauge("storm_slots_used", "Slots that have a worker assigned.")
    package static let topologyWorkers = Metric.gauge(
        "storm_topology_workers", ["topology"], "Workers that the topology has assigned.")
    package static let topologyWorkersWanted = Metric.gauge(
        "storm_topology_workers_wanted", ["topology"], "Workers that the topology asked for.")
    package static let topologyWorkersAlive = Metric.gauge(
        "storm_topology_workers_alive", ["topology"], "Workers of the topology that are up.")
    package static let executors = Metric.gauge(
        "storm_topology_executors", ["topology"], "Executors of the topology, assigned or not.")
    package static let tasks = Metric.gauge("storm_topology_tasks", ["topology"], "Tasks of the topology.")
    package static let unassigned = Metric.gauge(
        "storm_topology_executors_unassigned", ["topology"],
        "Executors of the topology that run nowhere; above 0 it is not whole.")
    package static let uptime = Metric.gauge(
        "storm_topology_uptime_seconds", ["topology"], "Time since the topology was submitted.")
    package static let blobs = Metric.gauge("storm_blobs", "Stored pieces of code and files.")
    package static let localBlobs = Metric.gauge("storm_nimbus_local_blobs", "Of these, held on this nimbus' disk.")
    package static let unreadable = Metric.gauge(
        "storm_unreadable_records", "Records in ZooKeeper that cannot be read and are left alone.")
    package static let rounds = Metric.histogram(
        "storm_nimbus_round_duration_seconds", bounds: LatencyBounds.request,
        "Time of a round of the leader: it reads the cluster, schedules, and writes what has changed.")
    package static let roundFailures = Metric.counter(
        "storm_nimbus_round_failures_total", "Rounds of the leader that ended with an error.")
    package static let scheduling = Metric.histogram(
        "storm_nimbus_scheduling_duration_seconds", bounds: LatencyBounds.request,
        "Time in which a round computed all assignments.")
    package static let leaderships = Metric.counter(
        "storm_nimbus_leaderships_total", "Times that this nimbus began to lead.")
    package static let calls = Metric.counter(
        "storm_nimbus_thrift_calls_total", ["method"], "Calls of the Thrift interface, by method.")
    package static let callErrors = Metric.counter(
        "storm_nimbus_thrift_errors_total", ["method"], "Of these, answered with an exception.")
    package static let callLatency = Metric.histogram(
        "storm_nimbus_thrift_duration_seconds", bounds: LatencyBounds.request, "Time to answer a call.")

    static let all = [
        leader, nimbuses, topologies, supervisors, slots, slotsUsed, topologyWorkers, topologyWorkersWanted,
        topologyWorkersAlive, executors, tasks, unassigned, uptime, blobs, localBlobs, unreadable, rounds,
        roundFailures, scheduling, leaderships, calls, callErrors, callLatency,
    ]
}
