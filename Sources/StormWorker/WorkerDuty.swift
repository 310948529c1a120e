package import StormCluster
package import StormCore

/// How a worker is to run.
package struct WorkerOrders: Equatable, Sendable {
    /// Spouts on or off.
    package var isActive: Bool
    /// Where the other tasks are.
    package var peers: [TaskID: PeerAddress]
    /// The pause for which it has to report when nothing is under way any more.
    package var drain: Int?
    /// Of the assignment that this is from.
    package var generation: Int

    package init(isActive: Bool, peers: [TaskID: PeerAddress], drain: Int? = nil, generation: Int = 1) {
        self.isActive = isActive
        self.peers = peers
        self.drain = drain
        self.generation = generation
    }
}

/// What the cluster's records ask of one worker. Pure.
package enum WorkerDuty: Equatable, Sendable {
    case run(WorkerOrders)
    /// Stop: this process is not wanted (any more), for this reason.
    case leave(String)
    /// The topology is not there. Stop, unless the whole cluster's memory is gone: then nobody has said anything.
    case gone(String)
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
            self = .gone("the topology was removed")
            return
        }
        guard let assignment else {
            self = .gone("the topology is not assigned to any slot any more")
            return
        }
        guard let own = assignment[slot] else {
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
        let isDraining = base.action.map { $0.phase != .starting } ?? false
        self = .run(
            WorkerOrders(
                isActive: base.status == .active, peers: peers, drain: isDraining ? base.action?.drain : nil,
                generation: assignment.generation))
    }
}
