import StormCore
import StormThrift

enum StatisticsWindows {
    /// Shortest first.
    static let order = ["600", "10800", "86400", ":all-time"]
}

/// The numbers of a component, of one of its streams or of one of its executors.
enum StatsEntries {
    static func counts(_ stats: Thrift.ComponentAggregateStats) -> Entries {
        let common = stats.commonStats
        return [
            "emitted": .count(common?.emitted), "transferred": .count(common?.transferred),
            "acked": .count(common?.acked), "failed": .count(common?.failed),
        ]
    }

    /// What only bolts, or only spouts, have.
    static func specific(_ stats: Thrift.ComponentAggregateStats) -> Entries {
        switch stats.specificStats {
        case .spout(let spout): ["completeLatency": .decimal(spout.completeLatencyMs)]
        case .bolt(let bolt):
            [
                "executed": .count(bolt.executed), "executeLatency": .decimal(bolt.executeLatencyMs),
                "processLatency": .decimal(bolt.processLatencyMs), "capacity": .decimal(bolt.capacity),
            ]
        case nil: [:]
        }
    }
}

/// Errors of components.
struct ErrorEntries {
    private let links: LogLinks
    private let topologyID: String
    private let nowSeconds: Int

    init(_ links: LogLinks, _ topologyID: String, nowSeconds: Int = EpochSeconds.now) {
        self.links = links
        self.topologyID = topologyID
        self.nowSeconds = nowSeconds
    }

    /// Of a component in a list; all there also when it has none.
    func last(_ error: Thrift.ErrorInfo?) -> Entries {
        guard let error else {
            return [
                "lastError": "", "errorHost": "", "errorPort": nil, "errorTime": nil, "errorLapsedSecs": nil,
                "errorWorkerLogLink": "",
            ]
        }
        return place(error).adding(["lastError": .string(String(error.error.prefix(200)))])
    }

    func full(_ error: Thrift.ErrorInfo) -> ConfigValue { .map(place(error).adding(["error": .string(error.error)])) }

    private func place(_ error: Thrift.ErrorInfo) -> Entries {
        [
            "errorHost": .string(error.host ?? ""), "errorPort": error.port.map { ConfigValue.count($0) } ?? .null,
            "errorTime": .count(error.errorTimeSecs),
            "errorLapsedSecs": .int(max(0, nowSeconds - Int(error.errorTimeSecs))),
            "errorWorkerLogLink": links.worker(error.host ?? "", error.port ?? 0, topologyID),
        ]
    }
}
