import StormCore
import StormTopology
import StormWire

/// The first message to a child: who it is and how its topology looks, under Storm's names.
enum Handshake {
    /// - Parameter channel: what to say of the channel that the child may use; nil: there is none.
    /// - Throws: when the configuration cannot be written as a message.
    static func content(
        _ context: TaskContext, pidFolder: String, channel: Value? = nil
    ) throws(MultilangError) -> Value {
        var content: [String: Value] = [
            "pidDir": .string(pidFolder),
            "conf": .map(try configuration(context)),
            "context": .map(self.context(context)),
        ]
        content["channel"] = channel
        return .map(content)
    }

    /// Where the channel is in the child.
    static let channel = Value.map([
        "version": .int(2), "read": .int(Int(ChildProgram.channelInput)),
        "write": .int(Int(ChildProgram.channelOutput)),
    ])

    private static func configuration(_ context: TaskContext) throws(MultilangError) -> [String: Value] {
        try checkDepth(context.configuration)
        var conf = context.configuration.mapValues { Value($0) }
        if conf["topology.name"] == nil { conf["topology.name"] = .string(name(of: context.topologyID)) }
        conf["topology.id"] = .string(context.topologyID)
        return conf
    }

    /// Two maps are around each value: the message, and the configuration.
    static func checkDepth(_ configuration: [String: ConfigValue]) throws(MultilangError) {
        for (key, value) in configuration where depth(value) > Value.maxDepth - 2 {
            throw MultilangError(
                "the configuration's '\(key)' is nested deeper than \(Value.maxDepth - 2) lists and maps")
        }
    }

    private static func depth(_ value: ConfigValue) -> Int {
        switch value {
        case .list(let values): 1 + (values.map(depth).max() ?? 0)
        case .map(let entries): 1 + (entries.values.map(depth).max() ?? 0)
        default: 0
        }
    }

    /// The name in `name-number-epochsecs`.
    static func name(of topologyID: String) -> String {
        let parts = topologyID.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 2, parts.suffix(2).allSatisfy({ Int($0) != nil }) else { return topologyID }
        return parts.dropLast(2).joined(separator: "-")
    }

    private static func context(_ context: TaskContext) -> [String: Value] {
        let own = context.description[context.component]
        var tasks: [String: Value] = [:]
        for component in context.plan.components {
            for task in component.tasks { tasks["\(task)"] = .string(component.id) }
        }
        let streams = own?.streams ?? []
        return [
            "task->component": .map(tasks),
            "taskid": .int(Int(context.task.rawValue)),
            "componentid": .string(context.component),
            "streams": .list(streams.map { .string("\($0.id)") }),
            "stream->outputfields": .map(fields(streams)),
            "stream->target->grouping": .map(targets(context)),
            "source->stream->grouping": .map(sources(own)),
            "source->stream->fields": .map(sourceFields(context, own)),
            // Petrel reads these.
            "taskIndex": .int(context.taskIndex),
            "workerPort": .int(context.workerPort),
        ]
    }

    private static func fields(_ streams: [StreamDescription]) -> [String: Value] {
        Dictionary(
            streams.map { ("\($0.id)", .list($0.fields.map { .string($0) })) }, uniquingKeysWith: { _, last in last })
    }

    private static func targets(_ context: TaskContext) -> [String: Value] {
        var found: [String: [String: Value]] = [:]
        for component in context.description.components {
            for input in component.inputs where input.source.component == context.component {
                found["\(input.source.stream)", default: [:]][component.id] = grouping(input.grouping)
            }
        }
        return found.mapValues { .map($0) }
    }

    private static func sources(_ own: ComponentDescription?) -> [String: Value] {
        var found: [String: [String: Value]] = [:]
        for input in own?.inputs ?? [] {
            found[input.source.component, default: [:]]["\(input.source.stream)"] = grouping(input.grouping)
        }
        return found.mapValues { .map($0) }
    }

    private static func sourceFields(_ context: TaskContext, _ own: ComponentDescription?) -> [String: Value] {
        var found: [String: Value] = [:]
        for input in own?.inputs ?? [] {
            let component = input.source.component
            found[component] = .map(fields(context.description[component]?.streams ?? []))
        }
        return found
    }

    /// Storm's names of groupings; what it has no name for is a custom one there, too.
    private static func grouping(_ grouping: GroupingDescription) -> Value {
        func typed(_ name: String, _ fields: [String]? = nil) -> Value {
            var entries: [String: Value] = ["type": .string(name)]
            if let fields { entries["fields"] = .list(fields.map { .string($0) }) }
            return .map(entries)
        }
        return switch grouping {
        case .shuffle: typed("SHUFFLE")
        case .localOrShuffle: typed("LOCAL_OR_SHUFFLE")
        case .fields(let names): typed("FIELDS", names)
        case .partialKey, .custom: typed("CUSTOM_SERIALIZED")
        case .all: typed("ALL")
        case .global: typed("FIELDS", [])
        case .none: typed("NONE")
        case .direct: typed("DIRECT")
        }
    }
}

extension Value {
    init(_ config: ConfigValue) {
        self =
            switch config {
            case .null: .null
            case .bool(let value): .bool(value)
            case .int(let value): .int(value)
            case .double(let value): .double(value)
            case .string(let value): .string(value)
            case .list(let values): .list(values.map { Value($0) })
            case .map(let entries): .map(entries.mapValues { Value($0) })
            }
    }
}
