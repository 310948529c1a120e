import StormCluster
import StormCore
import StormThrift

/// Records to the summaries of Storm's interface. Pure.
enum SummaryBuilder {
    /// Whole seconds, never negative: clocks of different machines differ.
    static func seconds(since start: Int64, now: Int64) -> Int32 { Int32(clamping: max(0, (now - start) / 1000)) }

    static func nimbus(_ record: NimbusRecord, isLeader: Bool, now: Int64) -> Thrift.NimbusSummary {
        Thrift.NimbusSummary(
            host: record.host, port: Int32(clamping: record.port),
            uptimeSecs: seconds(since: record.startedAtMilliseconds, now: now), isLeader: isLeader,
            version: record.stormVersion)
    }

    static func supervisor(
        _ record: SupervisorRecord, usedSlots: [WorkerSlot], now: Int64
    ) -> Thrift.SupervisorSummary {
        Thrift.SupervisorSummary(
            host: record.host, uptimeSecs: seconds(since: record.startedAtMilliseconds, now: now),
            numWorkers: Int32(clamping: record.ports.count),
            numUsedWorkers: Int32(clamping: usedSlots.count { $0.node == record.id }), supervisorID: record.id,
            version: record.stormVersion, totalResources: record.resources)
    }

    static func topology(
        _ base: StormBaseRecord, _ assignment: AssignmentRecord?, now: Int64
    ) -> Thrift.TopologySummary {
        let executors = assignment?.workers.flatMap(\.executors.executors) ?? []
        return Thrift.TopologySummary(
            id: base.id, name: base.name, numTasks: Int32(clamping: executors.reduce(0) { $0 + $1.taskCount }),
            numExecutors: Int32(clamping: executors.count),
            numWorkers: Int32(clamping: assignment?.workers.count ?? 0),
            uptimeSecs: seconds(since: base.submittedAtMilliseconds, now: now), status: base.status.rawValue,
            owner: base.owner)
    }

    static func error(_ record: ErrorRecord) -> Thrift.ErrorInfo {
        Thrift.ErrorInfo(
            error: "\(record.kind): \(record.message)",
            errorTimeSecs: Int32(clamping: record.timeMilliseconds / 1000), host: record.host,
            port: Int32(clamping: record.port))
    }

    /// All windows of Storm's interface.
    static func stats(_ beat: ExecutorBeat) -> Thrift.ExecutorStats {
        let all = beat.allWindows
        func windows<V>(_ pick: (ExecutorCounts) -> [String: V]) -> [String: [String: V]] {
            all.mapValues(pick)
        }
        func inputs<V>(_ pick: (ExecutorCounts) -> [String: V]) -> [String: [Thrift.GlobalStreamId: V]] {
            all.mapValues { counts in
                Dictionary(pick(counts).map { (stream($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
            }
        }
        let specific: Thrift.ExecutorSpecificStats =
            beat.isSpout
            ? .spout(
                .init(
                    acked: windows(\.acked), failed: windows(\.failed), completeMsAvg: windows(\.completeMilliseconds)))
            : .bolt(
                .init(
                    acked: inputs(\.acked), failed: inputs(\.failed), processMsAvg: inputs(\.processMilliseconds),
                    executed: inputs(\.executed), executeMsAvg: inputs(\.executeMilliseconds)))
        // Counts are exact here, so nothing is scaled.
        return Thrift.ExecutorStats(
            emitted: windows(\.emitted), transferred: windows(\.transferred), specific: specific, rate: 1)
    }

    /// `component:stream`; a stream's name has no colon, a component's may.
    static func stream(_ key: String) -> Thrift.GlobalStreamId {
        guard let colon = key.lastIndex(of: ":") else { return .init(componentID: key, streamID: "default") }
        return .init(componentID: String(key[..<colon]), streamID: String(key[key.index(after: colon)...]))
    }
}
