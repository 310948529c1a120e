import StormCore
import StormThrift

/// `topology/{id}/visualization`: components and streams as a graph. Its names begin with a colon, as in Storm.
struct VisualizationBody {
    let info: Thrift.TopologyInfo
    let topology: Thrift.StormTopology
    let window: String
    let includesSystem: Bool

    var value: ConfigValue {
        var components: Entries = [:]
        for (id, spout) in topology.spouts { components[id] = component(id, "spout", spout.common) }
        for (id, bolt) in topology.bolts where includesSystem || !id.hasPrefix("__") {
            components[id] = component(id, "bolt", bolt.common)
        }
        return .map(components)
    }

    private func component(_ id: String, _ type: String, _ common: Thrift.ComponentCommon) -> ConfigValue {
        let executors = info.executors.filter { $0.componentID == id }
        let transferred = executors.compactMap { $0.stats?.transferred[window] }.reduce(into: [String: Int64]()) {
            $0.merge($1, uniquingKeysWith: +)
        }
        return [
            ":type": .string(type), ":capacity": .double(executors.map(Self.capacity).max() ?? 0),
            ":latency": .map(latencies(executors)), ":transferred": .map(transferred.mapValues { .int(Int($0)) }),
            ":stats": .list(executors.map(stats)),
            ":inputs": .list(common.inputs.sorted { $0.key < $1.key }.map { Self.input($0.key, $0.value) }),
            ":link": .string("/#/topology/\(RestText.encoded(info.id))/\(RestText.encoded(id))"),
        ]
    }

    private func stats(_ executor: Thrift.ExecutorSummary) -> ConfigValue {
        let transferred = (executor.stats?.transferred ?? [:]).mapValues { streams in
            ConfigValue.map(streams.mapValues { .int(Int($0)) })
        }
        return [
            ":host": .string(executor.host), ":port": .count(executor.port),
            ":uptime_secs": .count(executor.uptimeSecs), ":transferred": .map(transferred),
        ]
    }

    /// By stream, of the executor that has most; a spout's of its trees, a bolt's of its inputs.
    private func latencies(_ executors: [Thrift.ExecutorSummary]) -> Entries {
        var found: [String: Double] = [:]
        for executor in executors {
            switch executor.stats?.specific {
            case .spout(let spout): found.merge(spout.completeMsAvg[window] ?? [:], uniquingKeysWith: max)
            case .bolt(let bolt):
                for (stream, mean) in bolt.processMsAvg[window] ?? [:] {
                    found[stream.streamID] = max(found[stream.streamID] ?? 0, mean)
                }
            case nil: break
            }
        }
        return found.mapValues { .double($0) }
    }

    /// As in the pages of components: the part of the last ten minutes spent executing, 1 at most.
    private static func capacity(_ executor: Thrift.ExecutorSummary) -> Double {
        guard case .bolt(let bolt)? = executor.stats?.specific, executor.uptimeSecs > 0 else { return 0 }
        let means = bolt.executeMsAvg["600"] ?? [:]
        let busy = (bolt.executed["600"] ?? [:]).reduce(0.0) { $0 + Double($1.value) * (means[$1.key] ?? 0) }
        return min(1, busy / (1000 * Double(min(executor.uptimeSecs, 600))))
    }

    private static func input(_ stream: Thrift.GlobalStreamId, _ grouping: Thrift.Grouping) -> ConfigValue {
        let member =
            switch grouping {
            case .fields: "fields"
            case .shuffle: "shuffle"
            case .all: "all"
            case .noGrouping: "none"
            case .direct: "direct"
            case .customObject: "custom_object"
            case .customSerialized: "custom_serialized"
            case .localOrShuffle: "local_or_shuffle"
            }
        return [
            ":component": .string(stream.componentID), ":stream": .string(stream.streamID),
            ":sani-stream": .string(sane(stream.streamID)), ":grouping": .string(member),
        ]
    }

    /// A stream's name as an id in a page.
    private static func sane(_ stream: String) -> String {
        "s" + String(stream.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// `visualization-init`: the streams, four in a row.
    static func streams(_ topology: Thrift.StormTopology, includesSystem: Bool) -> ConfigValue {
        let commons = topology.spouts.values.map(\.common) + topology.bolts.values.map(\.common)
        let names = Set(commons.flatMap { $0.inputs.keys.map(\.streamID) })
            .filter { includesSystem || !$0.hasPrefix("__") }.sorted()
        let cells = names.map { name -> ConfigValue in
            ["stream": .string(name), "sani-stream": .string(sane(name)), "checked": .bool(!name.hasPrefix("__"))]
        }
        let rows = stride(from: 0, to: cells.count, by: 4).map { start in
            ConfigValue.list(Array(cells[start..<min(start + 4, cells.count)]))
        }
        return ["visualizationTable": .list(rows)]
    }
}
