import StormCluster
import StormMetrics

/// What the leader's last round saw of the cluster, in numbers. Pure.
struct ClusterFigures: Sendable, Equatable {
    struct Topology: Sendable, Equatable {
        var name: String
        var status: TopologyStatus
        var workersWanted = 0
        var workers = 0
        var workersAlive = 0
        var executors = 0
        var executorsAssigned = 0
        var tasks = 0
        /// Epoch milliseconds.
        var submittedAtMilliseconds: Int64
    }

    /// A worker's or daemon's place.
    struct Place: Sendable, Equatable {
        var host: String
        var port: Int
        /// Of a worker.
        var topology: String?
    }

    var topologies: [Topology] = []
    var supervisors = 0
    var slots = 0
    var slotsUsed = 0
    var blobs = 0
    var unreadable = 0
    /// Supervisors' pages.
    var supervisorPages: [Place] = []
    /// Workers as assigned.
    var workers: [Place] = []

    init(_ seen: ClusterObservation) {
        supervisors = seen.supervisors.count
        slots = seen.supervisors.values.reduce(0) { $0 + $1.ports.count }
        slotsUsed = seen.assignments.values.reduce(0) { $0 + $1.record.workers.count }
        blobs = seen.blobKeys.count
        unreadable = seen.faults.count
        supervisorPages = seen.supervisors.values.sorted { $0.id < $1.id }.compactMap { record in
            record.httpPort.map { Place(host: record.host, port: $0) }
        }
        for (id, stored) in seen.storms.sorted(by: { $0.key < $1.key }) {
            let base = stored.record
            var topology = Topology(
                name: base.name, status: base.status, submittedAtMilliseconds: base.submittedAtMilliseconds)
            let assigned = seen.assignments[id]?.record.workers ?? []
            topology.workersWanted = base.workers
            topology.workers = assigned.count
            topology.workersAlive = assigned.count { seen.beats[id]?.contains($0.slot) == true }
            topology.executors = base.componentExecutors.values.reduce(0, +)
            topology.executorsAssigned = assigned.reduce(0) { $0 + $1.executors.executors.count }
            topology.tasks = base.componentTasks.values.reduce(0, +)
            topologies.append(topology)
            workers += assigned.map { Place(host: $0.host, port: $0.port, topology: base.name) }
        }
    }

    func add(to sheet: inout MetricSheet, epochMilliseconds: Int64) {
        for status in [TopologyStatus.active, .inactive, .rebalancing, .killed] {
            sheet.add(
                NimbusMetrics.topologies, [status.rawValue.lowercased()], topologies.count { $0.status == status })
        }
        sheet.add(NimbusMetrics.supervisors, [], supervisors)
        sheet.add(NimbusMetrics.slots, [], slots)
        sheet.add(NimbusMetrics.slotsUsed, [], slotsUsed)
        sheet.add(NimbusMetrics.blobs, [], blobs)
        sheet.add(NimbusMetrics.unreadable, [], unreadable)
        for topology in topologies {
            let name = [topology.name]
            sheet.add(NimbusMetrics.topologyWorkers, name, topology.workers)
            sheet.add(NimbusMetrics.topologyWorkersWanted, name, topology.workersWanted)
            sheet.add(NimbusMetrics.topologyWorkersAlive, name, topology.workersAlive)
            sheet.add(NimbusMetrics.executors, name, topology.executors)
            sheet.add(NimbusMetrics.tasks, name, topology.tasks)
            sheet.add(NimbusMetrics.unassigned, name, max(0, topology.executors - topology.executorsAssigned))
            sheet.add(
                NimbusMetrics.uptime, name,
                Double(max(0, epochMilliseconds - topology.submittedAtMilliseconds)) / 1000)
        }
    }
}
