import StormCluster
import ZooKeeper

extension CoordinationError {
    init(_ error: ZooKeeperError, path: String) {
        let code: Code =
            switch error.code {
            case .noNode: .noNode
            case .nodeExists: .nodeExists
            case .badVersion: .badVersion
            case .notEmpty: .notEmpty
            case .noChildrenForEphemerals: .noChildrenForEphemerals
            case .sessionExpired, .sessionMoved: .sessionLost
            case .closed: .closed
            case .dataTooLarge: .tooLarge
            case .invalidPath, .badArguments, .marshalling, .invalidACL: .badArguments
            case .noAuth, .authFailed: .forbidden
            default: .unavailable
            }
        self.init(code, path, detail: error.description, mayHaveHappened: error.outcomeIsUnknown)
    }
}

extension CreateMode {
    init(_ mode: NodeMode) {
        self =
            switch mode {
            case .persistent: .persistent
            case .ephemeral: .ephemeral
            case .persistentSequential: .persistentSequential
            case .ephemeralSequential: .ephemeralSequential
            }
    }
}

extension MultiOperation {
    init(_ operation: CoordinationOperation) {
        self =
            switch operation {
            case .create(let path, let data, let mode): .create(path, data, mode: CreateMode(mode))
            case .set(let path, let data, let version): .set(path, data, version: version)
            case .delete(let path, let version): .delete(path, version: version)
            case .check(let path, let version): .check(path, version: version)
            }
    }
}

extension CoordinationResult {
    init(_ result: MultiResult) {
        self =
            switch result {
            case .created(let path): .created(path)
            case .set(let stat): .set(stat.version)
            case .deleted: .deleted
            case .checked: .checked
            }
    }
}

extension VersionedData {
    init(_ node: NodeContents) {
        self.init(
            bytes: node.data, version: node.stat.version, createdTransaction: node.stat.createdZxid,
            ephemeralOwner: node.stat.ephemeralOwner.rawValue)
    }
}

extension StormCluster.SessionEvent {
    /// Nil for states that the cluster's code does not ask about.
    init?(_ state: SessionState) {
        switch state {
        case .connected: self = .connected
        case .suspended: self = .suspended
        case .reconnected: self = .reconnected
        case .lost: self = .lost
        case .connecting, .closed: return nil
        }
    }
}

extension CoordinationTraffic {
    init(_ traffic: ClientTraffic, _ session: ZooKeeper.SessionEvent) {
        self.init()
        state =
            switch session.state {
            case .connecting: .connecting
            case .connected, .reconnected: .connected
            case .suspended: .suspended
            case .lost: .lost
            case .closed: .closed
            }
        sessions = session.generation
        for (name, entry) in traffic.operations {
            var operation = Operation()
            operation.count = entry.count
            operation.failures = entry.failures
            let (seconds, attoseconds) = entry.total.components
            operation.seconds = Double(seconds) + Double(attoseconds) * 1e-18
            // Both have the same bounds; a test compares them.
            operation.latencies = entry.latencies
            operations[name] = operation
            if entry.isWrite { writes += entry.count }
        }
    }
}
