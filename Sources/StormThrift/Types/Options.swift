extension Thrift {
    /// Whether a new topology starts at once.
    package enum TopologyInitialStatus: Int32, ThriftEnum {
        case active = 1
        case inactive = 2
    }

    /// Options of `submitTopologyWithOpts`.
    package struct SubmitOptions: ThriftStruct {
        package var initialStatus: TopologyInitialStatus = .active
        package var credentials: Credentials?

        package init() {}

        package init(initialStatus: TopologyInitialStatus, credentials: Credentials? = nil) {
            self.initialStatus = initialStatus
            self.credentials = credentials
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "initial_status", \.initialStatus),
            .optional(2, "creds", \.credentials),
        ]
    }

    /// Secrets of a topology; merged over those it has.
    package struct Credentials: ThriftStruct {
        package var credentials: [String: String] = [:]
        package var topologyOwner: String?

        package init() {}

        package init(credentials: [String: String], topologyOwner: String? = nil) {
            self.credentials = credentials
            self.topologyOwner = topologyOwner
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "creds", \.credentials),
            .optional(2, "topoOwner", \.topologyOwner),
        ]
    }

    /// Options of `killTopologyWithOpts`.
    package struct KillOptions: ThriftStruct {
        package var waitSecs: Int32?

        package init() {}

        package init(waitSecs: Int32? = nil) {
            self.waitSecs = waitSecs
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "wait_secs", \.waitSecs)
        ]
    }

    /// What a rebalance changes; an unset field keeps what is.
    package struct RebalanceOptions: ThriftStruct {
        package var waitSecs: Int32?
        package var numWorkers: Int32?
        package var numExecutors: [String: Int32]?
        package var topologyResourcesOverrides: [String: [String: Double]]?
        /// The text of a JSON object.
        package var topologyConfOverrides: String?
        /// Ignored when a client sets it.
        package var principal: String?

        package init() {}

        package init(
            waitSecs: Int32? = nil, numWorkers: Int32? = nil, numExecutors: [String: Int32]? = nil,
            topologyResourcesOverrides: [String: [String: Double]]? = nil, topologyConfOverrides: String? = nil,
            principal: String? = nil
        ) {
            self.waitSecs = waitSecs
            self.numWorkers = numWorkers
            self.numExecutors = numExecutors
            self.topologyResourcesOverrides = topologyResourcesOverrides
            self.topologyConfOverrides = topologyConfOverrides
            self.principal = principal
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "wait_secs", \.waitSecs),
            .optional(2, "num_workers", \.numWorkers),
            .optional(3, "num_executors", \.numExecutors),
            .optional(4, "topology_resources_overrides", \.topologyResourcesOverrides),
            .optional(5, "topology_conf_overrides", \.topologyConfOverrides),
            .optional(6, "principal", \.principal),
        ]
    }

    /// Options of the `getTopologyInfo…WithOpts` calls.
    package struct GetInfoOptions: ThriftStruct {
        package var errorChoice: NumErrorsChoice?

        package init() {}

        package init(errorChoice: NumErrorsChoice? = nil) {
            self.errorChoice = errorChoice
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "num_err_choice", \.errorChoice)
        ]
    }

    /// How many recent errors per component a call reports.
    package enum NumErrorsChoice: Int32, ThriftEnum {
        case all = 0
        case noErrors = 1
        case one = 2
    }
}
