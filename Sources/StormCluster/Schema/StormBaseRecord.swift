package import StormCore

/// What a topology is meant to do.
package enum TopologyStatus: String, Hashable, Sendable, Codable, CaseIterable {
    case active = "ACTIVE"
    case inactive = "INACTIVE"
    case rebalancing = "REBALANCING"
    case killed = "KILLED"
}

/// A planned step that waits for its time. The deadline is absolute, so that a new leader goes on waiting where the
/// old one stopped.
package struct PendingAction: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case kill, rebalance
        /// Nimbus' own wish: a worker or a machine is to be emptied, or a better place became free.
        case move
    }

    /// Where a move is: first the spouts stop and their trees finish, then the workers of the new assignment come up.
    package enum Phase: String, Hashable, Sendable, Codable, CaseIterable {
        case draining, starting
    }

    package var kind: Kind
    package var waitSeconds: Int
    /// The end of the present phase at the latest.
    package var deadlineMilliseconds: Int64
    /// Nil is `draining`.
    package var phase: Phase?
    /// Number of this pause, never twice the same for a topology: what workers report when nothing is under way any more.
    /// Nil (written by an older nimbus): nobody reports, only the deadline counts.
    package var drain: Int?
    /// When the present phase began, epoch milliseconds.
    package var startedAtMilliseconds: Int64?
    /// Why nimbus moves it; for people.
    package var reason: String?
    /// A rebalance's new worker count; nil: as it is.
    package var workers: Int?
    /// A rebalance's new executor counts by component; others stay.
    package var executors: [String: Int]?
    /// A rebalance's new settings, by key of the topology's configuration; others stay.
    package var settings: [String: ConfigValue]?

    package init(
        kind: Kind, waitSeconds: Int, deadlineMilliseconds: Int64, workers: Int? = nil, executors: [String: Int]? = nil
    ) {
        self.kind = kind
        self.waitSeconds = waitSeconds
        self.deadlineMilliseconds = deadlineMilliseconds
        self.workers = workers
        self.executors = executors
    }

    package enum CodingKeys: String, RecordKey {
        case kind
        case waitSeconds = "wait_secs"
        case deadlineMilliseconds = "deadline_ms"
        case phase, drain, reason
        case startedAtMilliseconds = "started_at_ms"
        case workers
        case executors
        case settings

        package var note: FieldNote {
            switch self {
            case .kind: .word(Kind.self, "what is to be done; `move` is nimbus' own wish")
            case .waitSeconds: .seconds("the longest wait that was asked for")
            case .deadlineMilliseconds: .time("the end of the present phase at the latest")
            case .phase:
                .word(
                    Phase.self,
                    "first the spouts stop and their trees finish, then the new workers come up; missing: `draining`"
                ).optional
            case .drain: .integer("the pause's number: what workers report when nothing is under way any more").optional
            case .reason: .text("why nimbus moves it").optional
            case .startedAtMilliseconds: .time("when the present phase began").optional
            case .workers: .integer("a rebalance's new number of workers; missing: as it is").optional
            case .settings:
                .map("key to value", "a rebalance's new settings of the topology; others stay").optional
            case .executors:
                .map("component to integer", "a rebalance's new numbers of executors; others stay").optional
            }
        }
    }
}

/// A blob by content.
package struct BlobReference: Hashable, Sendable, Codable {
    package var key: String
    /// Lower-case hexadecimal.
    package var sha256: String
    package var sizeBytes: Int64

    package init(key: String, sha256: String, sizeBytes: Int64) {
        self.key = key
        self.sha256 = sha256
        self.sizeBytes = sizeBytes
    }

    package enum CodingKeys: String, RecordKey {
        case key
        case sha256
        case sizeBytes = "size_bytes"

        package var note: FieldNote {
            switch self {
            case .key: .text("the blob's name")
            case .sha256: .text("of its content, lower-case hexadecimal")
            case .sizeBytes: .bytes("its size")
            }
        }
    }
}

/// Sampling of a component's tuples for the event log.
package struct DebugSampling: Hashable, Sendable, Codable {
    package var enabled: Bool
    /// 0...100.
    package var percent: Double

    package init(enabled: Bool, percent: Double) {
        self.enabled = enabled
        self.percent = percent
    }

    package enum CodingKeys: String, RecordKey {
        case enabled, percent

        package var note: FieldNote {
            switch self {
            case .enabled: .flag("whether tuples are sampled")
            case .percent: .number("0 to 100", "the share of tuples")
            }
        }
    }
}

/// `/storms/<id>`: a submitted topology and what it is meant to do. Written by the leading nimbus only; watched by the
/// topology's workers.
package struct StormBaseRecord: ClusterRecord {
    package var version = 1
    package var name: String
    package var id: String
    package var status: TopologyStatus
    /// What to return to after a rebalance.
    package var previousStatus: TopologyStatus?
    package var owner: String
    /// Epoch milliseconds.
    package var submittedAtMilliseconds: Int64
    /// Workers wanted.
    package var workers: Int
    /// By component, ackers included.
    package var componentExecutors: [String: Int]
    /// By component, ackers included; fixed for the topology's life.
    package var componentTasks: [String: Int]
    package var action: PendingAction?
    /// Pauses so far (`PendingAction.drain` of the last one); nil is 0.
    package var drains: Int?
    /// Code, topology and configuration, in this order.
    package var blobs: [BlobReference]
    /// By component; "" for all.
    package var debug: [String: DebugSampling]?
    /// A secret that the topology's workers show each other; nil for one that was submitted without.
    package var workerToken: String?
    /// What rebalances have set, over the configuration that was submitted; nil: nothing.
    package var settings: [String: ConfigValue]?
    package var unknownFields: [String: ConfigValue] = [:]

    package init(
        name: String, id: String, status: TopologyStatus, owner: String, submittedAtMilliseconds: Int64, workers: Int,
        componentExecutors: [String: Int], componentTasks: [String: Int], blobs: [BlobReference]
    ) {
        self.name = name
        self.id = id
        self.status = status
        self.owner = owner
        self.submittedAtMilliseconds = submittedAtMilliseconds
        self.workers = workers
        self.componentExecutors = componentExecutors
        self.componentTasks = componentTasks
        self.blobs = blobs
    }

    package enum CodingKeys: String, RecordKey {
        case version, name, id, status, owner, workers, action, drains, blobs, debug, settings
        case previousStatus = "previous_status"
        case submittedAtMilliseconds = "submitted_at_ms"
        case componentExecutors = "component_executors"
        case componentTasks = "component_tasks"
        case workerToken = "worker_token"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .name: .text("the topology's name, which no other living one has")
            case .id: .text("the topology's id")
            case .status: .word(TopologyStatus.self, "what it is meant to do")
            case .owner: .text("who submitted it")
            case .workers: .integer("workers wanted")
            case .action: .object(PendingAction.CodingKeys.self, "a planned step that waits for its time").optional
            case .drains: .integer("pauses so far").optional
            case .blobs: .list(of: BlobReference.CodingKeys.self, "code, topology and configuration, in this order")
            case .debug:
                .map("component (empty for all)", of: DebugSampling.CodingKeys.self, "sampling of tuples").optional
            case .settings: .map("key to value", "what rebalances have set over what was submitted").optional
            case .previousStatus: .word(TopologyStatus.self, "what to return to after a rebalance").optional
            case .submittedAtMilliseconds: .time("when it was submitted")
            case .componentExecutors: .map("component to integer", "executors, ackers included")
            case .componentTasks: .map("component to integer", "tasks, ackers included; fixed for the topology's life")
            case .workerToken: .text("a secret that the topology's workers show each other").optional
            }
        }
    }
}
