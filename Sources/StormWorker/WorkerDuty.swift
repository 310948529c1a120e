package import StormCluster
package import StormCore

/// What the cluster's records ask of one worker. Pure.
package enum WorkerDuty: Equatable, Sendable {
    /// Run: with spouts on or off, and the other tasks at these places.
    case run(isActive: Bool, peers: [TaskID: PeerAddress])
    /// Stop: this process is not wanted (any more), for this reason.
    case leave(String)
}

extension WorkerDuty {
    /// - Parameters:
    ///   - base: `/storms/<id>`; nil when it is gone.
    ///   - assignment: `/assignments/<id>`; nil when it is gone.
    ///   - incarnation: the assignment's number for this slot that this process was started for.
    package init(
        base: StormBaseRecord?, assignment: AssignmentRecord?, slot: WorkerSlot, incarnation: Int
    ) {
        guard let base else {
            self = .leave("the topology was removed")
            return
        }
        guard let assignment, let own = assignment[slot] else {
            self = .leave("slot \(slot) is not assigned to the topology any more")
            return
        }
        guard own.incarnation == incarnation else {
            self = .leave(
                "slot \(slot) has got other executors (incarnation \(own.incarnation), this is \(incarnation))")
            return
        }
        var peers: [TaskID: PeerAddress] = [:]
        for worker in assignment.workers where worker.slot != slot {
            let address = PeerAddress(node: worker.node, host: worker.host, port: worker.port)
            for range in worker.executors.executors { for task in range.tasks { peers[task] = address } }
        }
        self = .run(isActive: base.status == .active, peers: peers)
    }
}
