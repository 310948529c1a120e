package import StormCluster

/// The machines that may have log files of a topology's workers, and where they show them. Pure.
package struct LogMachines: Equatable, Sendable {
    /// Each place once, in order.
    package let places: [WorkerPlace]

    /// - Parameters:
    ///   - supervisors: those that are up: each shows its machine's logs, unless it has no port for pages.
    ///   - assignment: of the topology, if it runs: a machine whose supervisor is down is asked for its log viewer.
    ///   - logviewerPort: where log viewers are.
    package init(supervisors: [SupervisorRecord], assignment: AssignmentRecord?, logviewerPort: Int) {
        var places = Set(
            supervisors.map { WorkerPlace(host: $0.host, port: $0.httpPort ?? logviewerPort) })
        let known = Set(supervisors.map(\.id))
        for worker in assignment?.workers ?? [] where !known.contains(worker.node) {
            places.insert(WorkerPlace(host: worker.host, port: logviewerPort))
        }
        self.places = places.sorted()
    }
}
