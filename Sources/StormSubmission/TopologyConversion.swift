package import StormCore
package import StormThrift

/// Topology descriptions to Storm's Thrift form and back.
///
/// A Swift component is a `java_object` whose class name is `swift:` and the implementation's name; partial-key and
/// custom groupings are `custom_object`s `swift:partial-key` (its arguments are the fields) and `swift:custom:<name>`.
/// There and back gives the same description but for the order of inputs, which Thrift does not keep: compare `canonical`
/// ones.
package enum TopologyConversion {
    static let swiftPrefix = "swift:"
    static let partialKey = "swift:partial-key"
    static let customPrefix = "swift:custom:"
    static let tasksKey = "topology.tasks"

    /// The same topology with each component's inputs sorted by source.
    package static func canonical(_ topology: TopologyDescription) -> TopologyDescription {
        TopologyDescription(
            components: topology.components.map { component in
                var sorted = component
                sorted.inputs.sort { $0.source < $1.source }
                return sorted
            })
    }

    /// - Throws: `InvalidTopologyError` when a configuration cannot be written as JSON.
    package static func thrift(_ topology: TopologyDescription) throws -> Thrift.StormTopology {
        var result = Thrift.StormTopology()
        for component in topology.components {
            // One of the system's own keeps the name that Storm's clients know it by.
            let prefix = ShippedBolt.isOne(component) ? "" : swiftPrefix
            let object = Thrift.ComponentObject.javaObject(
                .init(fullClassName: prefix + component.implementation, argsList: []))
            switch component.kind {
            case .spout:
                result.spouts[component.id] = .init(spoutObject: object, common: try common(component))
            case .bolt:
                result.bolts[component.id] = .init(boltObject: object, common: try common(component))
            }
        }
        return result
    }

    private static func common(_ component: ComponentDescription) throws -> Thrift.ComponentCommon {
        var configuration = component.configuration
        if let tasks = component.tasks { configuration[tasksKey] = .int(tasks) }
        var common = Thrift.ComponentCommon()
        for input in component.inputs {
            let source = Thrift.GlobalStreamId(
                componentID: input.source.component, streamID: input.source.stream.name)
            common.inputs[source] = grouping(input.grouping)
        }
        for stream in component.streams {
            common.streams[stream.id.name] = .init(outputFields: stream.fields, direct: stream.isDirect)
        }
        common.parallelismHint = Int32(clamping: component.parallelism)
        common.jsonConf = configuration.isEmpty ? nil : try ConfJSON.text(configuration, component: component.id)
        return common
    }

    private static func grouping(_ grouping: GroupingDescription) -> Thrift.Grouping {
        switch grouping {
        case .shuffle: .shuffle
        case .localOrShuffle: .localOrShuffle
        case .fields(let names): .fields(names)
        case .partialKey(let names):
            .customObject(.init(fullClassName: partialKey, argsList: names.map { .stringArg($0) }))
        case .all: .all
        case .global: .fields([])
        case .none: .noGrouping
        case .direct: .direct
        case .custom(let name): .customObject(.init(fullClassName: customPrefix + name, argsList: []))
        }
    }
}
