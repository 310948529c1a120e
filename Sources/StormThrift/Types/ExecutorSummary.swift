extension Thrift {
    /// Where an executor runs and what it did.
    package struct ExecutorSummary: ThriftStruct {
        package var executorInfo: ExecutorInfo = ExecutorInfo()
        package var componentID: String = ""
        package var host: String = ""
        package var port: Int32 = 0
        package var uptimeSecs: Int32 = 0
        package var stats: ExecutorStats?

        package init() {}

        package init(
            executorInfo: ExecutorInfo, componentID: String, host: String, port: Int32, uptimeSecs: Int32,
            stats: ExecutorStats? = nil
        ) {
            self.executorInfo = executorInfo
            self.componentID = componentID
            self.host = host
            self.port = port
            self.uptimeSecs = uptimeSecs
            self.stats = stats
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "executor_info", \.executorInfo),
            .required(2, "component_id", \.componentID),
            .required(3, "host", \.host),
            .required(4, "port", \.port),
            .required(5, "uptime_secs", \.uptimeSecs),
            .optional(7, "stats", \.stats),
        ]
    }

    /// The tasks of an executor: consecutive, both ends included.
    package struct ExecutorInfo: ThriftStruct {
        package var taskStart: Int32 = 0
        package var taskEnd: Int32 = 0

        package init() {}

        package init(taskStart: Int32, taskEnd: Int32) {
            self.taskStart = taskStart
            self.taskEnd = taskEnd
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "task_start", \.taskStart),
            .required(2, "task_end", \.taskEnd),
        ]
    }

    /// Counts of an executor: window in seconds as text (`600`, `10800`, `86400`, `:all-time`), then stream id.
    package struct ExecutorStats: ThriftStruct {
        package var emitted: [String: [String: Int64]] = [:]
        package var transferred: [String: [String: Int64]] = [:]
        package var specific: ExecutorSpecificStats = .spout(SpoutStats())
        /// 1 divided by the sampling rate; the counts are already scaled up.
        package var rate: Double = 0

        package init() {}

        package init(
            emitted: [String: [String: Int64]], transferred: [String: [String: Int64]],
            specific: ExecutorSpecificStats, rate: Double
        ) {
            self.emitted = emitted
            self.transferred = transferred
            self.specific = specific
            self.rate = rate
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "emitted", \.emitted),
            .required(2, "transferred", \.transferred),
            .required(3, "specific", \.specific),
            .required(4, "rate", \.rate),
        ]
    }

    /// The statistics only a bolt, or only a spout, has.
    package enum ExecutorSpecificStats: ThriftUnion {
        case bolt(BoltStats)
        case spout(SpoutStats)

        package static let members: [ThriftMember<Self>] = [
            .init(1, "bolt", Self.bolt) { if case .bolt(let value) = $0 { value } else { nil } },
            .init(2, "spout", Self.spout) { if case .spout(let value) = $0 { value } else { nil } },
        ]
    }

    /// Statistics of a bolt executor: by window, then by the stream the tuples came from.
    package struct BoltStats: ThriftStruct {
        package var acked: [String: [GlobalStreamId: Int64]] = [:]
        package var failed: [String: [GlobalStreamId: Int64]] = [:]
        package var processMsAvg: [String: [GlobalStreamId: Double]] = [:]
        package var executed: [String: [GlobalStreamId: Int64]] = [:]
        package var executeMsAvg: [String: [GlobalStreamId: Double]] = [:]

        package init() {}

        package init(
            acked: [String: [GlobalStreamId: Int64]], failed: [String: [GlobalStreamId: Int64]],
            processMsAvg: [String: [GlobalStreamId: Double]], executed: [String: [GlobalStreamId: Int64]],
            executeMsAvg: [String: [GlobalStreamId: Double]]
        ) {
            self.acked = acked
            self.failed = failed
            self.processMsAvg = processMsAvg
            self.executed = executed
            self.executeMsAvg = executeMsAvg
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "acked", \.acked),
            .required(2, "failed", \.failed),
            .required(3, "process_ms_avg", \.processMsAvg),
            .required(4, "executed", \.executed),
            .required(5, "execute_ms_avg", \.executeMsAvg),
        ]
    }

    /// Statistics of a spout executor: by window, then by output stream.
    package struct SpoutStats: ThriftStruct {
        package var acked: [String: [String: Int64]] = [:]
        package var failed: [String: [String: Int64]] = [:]
        package var completeMsAvg: [String: [String: Double]] = [:]

        package init() {}

        package init(
            acked: [String: [String: Int64]], failed: [String: [String: Int64]],
            completeMsAvg: [String: [String: Double]]
        ) {
            self.acked = acked
            self.failed = failed
            self.completeMsAvg = completeMsAvg
        }

        package static let fields: [ThriftField<Self>] = [
            .required(1, "acked", \.acked),
            .required(2, "failed", \.failed),
            .required(3, "complete_ms_avg", \.completeMsAvg),
        ]
    }
}
