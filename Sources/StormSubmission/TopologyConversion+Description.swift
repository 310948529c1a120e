package import StormCore
package import StormThrift

extension TopologyConversion {
    /// Storm's form to ours; not yet validated as a whole (`TopologyDescription.faults()`).
    /// - Throws: `InvalidTopologyError` with everything that cannot be expressed: Java objects, unknown groupings.
    package static func description(_ topology: Thrift.StormTopology) throws -> TopologyDescription {
        var faults: [TopologyFault] = []
        var components: [ComponentDescription] = []
        for (id, spout) in topology.spouts.sorted(by: { $0.key < $1.key }) {
            components += component(id, .spout, spout.spoutObject, spout.common, &faults)
        }
        for (id, bolt) in topology.bolts.sorted(by: { $0.key < $1.key }) {
            components += component(id, .bolt, bolt.boltObject, bolt.common, &faults)
        }
        for id in topology.stateSpouts.keys.sorted() {
            faults.append(TopologyFault(component: id, "is a state spout; there is no such thing any more"))
        }
        guard faults.isEmpty else { throw InvalidTopologyError(faults) }
        return TopologyDescription(components: components)
    }

    /// One component; none when it is faulty.
    private static func component(
        _ id: String, _ kind: ComponentKind, _ object: Thrift.ComponentObject, _ common: Thrift.ComponentCommon,
        _ faults: inout [TopologyFault]
    ) -> [ComponentDescription] {
        do {
            var configuration = try ConfJSON.parse(common.jsonConf ?? "", component: id)
            let tasks = try configuration.removeValue(forKey: tasksKey).flatMap { value -> Int? in
                if value == .null { return nil }
                guard let tasks = value.intValue else {
                    throw InvalidTopologyError([TopologyFault(component: id, "'\(tasksKey)' is not a whole number")])
                }
                return tasks
            }
            return [
                ComponentDescription(
                    id: id, kind: kind, implementation: try implementation(id, kind, object),
                    parallelism: common.parallelismHint.map(Int.init) ?? 1, tasks: tasks,
                    streams: common.streams.map {
                        StreamDescription(StreamID($0.key), fields: $0.value.outputFields, isDirect: $0.value.direct)
                    },
                    inputs: try common.inputs.sorted { $0.key < $1.key }.map {
                        InputDescription(
                            GlobalStreamID($0.key.componentID, StreamID($0.key.streamID)), try grouping(id, $0.value))
                    },
                    configuration: configuration)
            ]
        } catch let error as InvalidTopologyError {
            faults += error.faults
        } catch {
            faults.append(TopologyFault(component: id, String(describing: error)))
        }
        return []
    }

    private static func implementation(
        _ id: String, _ kind: ComponentKind, _ object: Thrift.ComponentObject
    ) throws -> String {
        switch object {
        case .javaObject(let object) where object.fullClassName.hasPrefix(swiftPrefix):
            return String(object.fullClassName.dropFirst(swiftPrefix.count))
        case .javaObject(let object) where object.fullClassName == ShippedBolt.logInfo && kind == .bolt:
            return object.fullClassName
        case .shell(let shell):
            return "shell:" + [shell.executionCommand, shell.script].compactMap(\.self).joined(separator: " ")
        case .javaObject(let object):
            throw InvalidTopologyError([
                TopologyFault(component: id, "is the Java class \(object.fullClassName); only Swift and shell run here")
            ])
        case .serializedJava:
            throw InvalidTopologyError([
                TopologyFault(component: id, "is a serialised Java object; only Swift and shell components run here")
            ])
        }
    }

    private static func grouping(_ id: String, _ grouping: Thrift.Grouping) throws -> GroupingDescription {
        switch grouping {
        case .fields(let names): return names.isEmpty ? .global : .fields(names)
        case .shuffle: return .shuffle
        case .all: return .all
        case .noGrouping: return .none
        case .direct: return .direct
        case .localOrShuffle: return .localOrShuffle
        case .customObject(let object) where object.fullClassName == partialKey:
            return .partialKey(
                try object.argsList.map { argument in
                    guard case .stringArg(let name) = argument else {
                        throw InvalidTopologyError([
                            TopologyFault(component: id, "the partial-key grouping's arguments are names of fields")
                        ])
                    }
                    return name
                })
        case .customObject(let object) where object.fullClassName.hasPrefix(customPrefix):
            return .custom(String(object.fullClassName.dropFirst(customPrefix.count)))
        case .customObject(let object):
            throw InvalidTopologyError([
                TopologyFault(component: id, "uses the Java grouping \(object.fullClassName), which cannot run here")
            ])
        case .customSerialized:
            throw InvalidTopologyError([
                TopologyFault(component: id, "uses a serialised Java grouping, which cannot run here")
            ])
        }
    }
}
