package import StormRuntime
package import StormThrift

/// What `--wait` waits for.
package enum WaitGoal: Equatable, Sendable {
    /// After `kill`: the topology is not there any more.
    case gone
    /// After `jar`, `activate` and `rebalance`: no planned work is under way, and all assigned workers run.
    case running
    /// After `deactivate`: the spouts have stopped, and no message is under way.
    case quiet
}

/// What is seen of a topology at one moment.
package struct WaitView: Sendable {
    /// Nil: it is not there.
    package var info: Thrift.TopologyInfo?
    /// The ledgers of its spouts; only looked at for `quiet`.
    package var audit: WorkerSurvey<WorkerAudit>?

    package init(info: Thrift.TopologyInfo?, audit: WorkerSurvey<WorkerAudit>? = nil) {
        self.info = info
        self.audit = audit
    }
}
