extension Thrift {
    /// Sums over the executors of a component, in one window.
    package struct ComponentAggregateStats: ThriftStruct {
        package var type: ComponentType?
        package var commonStats: CommonAggregateStats?
        package var specificStats: SpecificAggregateStats?
        package var lastError: ErrorInfo?

        package init() {}

        package init(
            type: ComponentType? = nil, commonStats: CommonAggregateStats? = nil,
            specificStats: SpecificAggregateStats? = nil, lastError: ErrorInfo? = nil
        ) {
            self.type = type
            self.commonStats = commonStats
            self.specificStats = specificStats
            self.lastError = lastError
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "type", \.type),
            .optional(2, "common_stats", \.commonStats),
            .optional(3, "specific_stats", \.specificStats),
            .optional(4, "last_error", \.lastError),
        ]
    }

    /// The sums that bolts and spouts both have.
    package struct CommonAggregateStats: ThriftStruct {
        package var numExecutors: Int32?
        package var numTasks: Int32?
        package var emitted: Int64?
        package var transferred: Int64?
        package var acked: Int64?
        package var failed: Int64?
        package var resourcesMap: [String: Double]?

        package init() {}

        package init(
            numExecutors: Int32? = nil, numTasks: Int32? = nil, emitted: Int64? = nil, transferred: Int64? = nil,
            acked: Int64? = nil, failed: Int64? = nil, resourcesMap: [String: Double]? = nil
        ) {
            self.numExecutors = numExecutors
            self.numTasks = numTasks
            self.emitted = emitted
            self.transferred = transferred
            self.acked = acked
            self.failed = failed
            self.resourcesMap = resourcesMap
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "num_executors", \.numExecutors),
            .optional(2, "num_tasks", \.numTasks),
            .optional(3, "emitted", \.emitted),
            .optional(4, "transferred", \.transferred),
            .optional(5, "acked", \.acked),
            .optional(6, "failed", \.failed),
            .optional(7, "resources_map", \.resourcesMap),
        ]
    }

    /// The sums only bolts, or only spouts, have.
    package enum SpecificAggregateStats: ThriftUnion {
        case bolt(BoltAggregateStats)
        case spout(SpoutAggregateStats)

        package static let members: [ThriftMember<Self>] = [
            .init(1, "bolt", Self.bolt) { if case .bolt(let value) = $0 { value } else { nil } },
            .init(2, "spout", Self.spout) { if case .spout(let value) = $0 { value } else { nil } },
        ]
    }

    /// The mean time from emit to ack.
    package struct SpoutAggregateStats: ThriftStruct {
        package var completeLatencyMs: Double?

        package init() {}

        package init(completeLatencyMs: Double? = nil) {
            self.completeLatencyMs = completeLatencyMs
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "complete_latency_ms", \.completeLatencyMs)
        ]
    }

    /// Mean times of a bolt. `capacity` is the part of the window spent executing: 1 is saturated.
    package struct BoltAggregateStats: ThriftStruct {
        package var executeLatencyMs: Double?
        package var processLatencyMs: Double?
        package var executed: Int64?
        package var capacity: Double?

        package init() {}

        package init(
            executeLatencyMs: Double? = nil, processLatencyMs: Double? = nil, executed: Int64? = nil,
            capacity: Double? = nil
        ) {
            self.executeLatencyMs = executeLatencyMs
            self.processLatencyMs = processLatencyMs
            self.executed = executed
            self.capacity = capacity
        }

        package static let fields: [ThriftField<Self>] = [
            .optional(1, "execute_latency_ms", \.executeLatencyMs),
            .optional(2, "process_latency_ms", \.processLatencyMs),
            .optional(3, "executed", \.executed),
            .optional(4, "capacity", \.capacity),
        ]
    }
}
