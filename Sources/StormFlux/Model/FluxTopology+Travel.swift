import StormCore

extension FluxTopology {
    /// The whole topology, includes merged in and placeholders replaced, as one YAML text (of the part that is JSON): what a
    /// worker builds it from again.
    package var travelText: String { travelValue.description }

    private var travelValue: ConfigValue {
        var map: [String: ConfigValue] = ["name": .string(name)]
        map["config"] = Self.config(document.config)
        map["components"] = .list(document.components.map { .map(Self.object($0)) })
        map["workerHooks"] = .list(document.workerHooks.map { .map(Self.object($0)) })
        map["spouts"] = .list(document.spouts.map(Self.vertex))
        map["bolts"] = .list(bolts.map(Self.vertex))
        map["streams"] = .list(document.streams.map(Self.stream))
        return .map(map.filter { $0.value != .list([]) && $0.value != .map([:]) })
    }

    private static func config(_ settings: [FluxSetting]) -> ConfigValue {
        .map(Dictionary(settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
    }

    private static func object(_ object: FluxObject) -> [String: ConfigValue] {
        var map: [String: ConfigValue] = ["className": .string(object.className)]
        if !object.id.isEmpty { map["id"] = .string(object.id) }
        if !object.constructorArgs.isEmpty { map["constructorArgs"] = .list(object.constructorArgs.map(argument)) }
        if !object.properties.isEmpty {
            map["properties"] = .list(
                object.properties.map { property in
                    switch property.argument.value {
                    case .value(let value): .map(["name": .string(property.name), "value": value])
                    case .reference(let id): .map(["name": .string(property.name), "ref": .string(id)])
                    case .references(let ids):
                        .map(["name": .string(property.name), "value": .list(ids.map { .string($0) })])
                    }
                })
        }
        if !object.configMethods.isEmpty {
            map["configMethods"] = .list(
                object.configMethods.map {
                    .map(["name": .string($0.name), "args": .list($0.arguments.map(argument))])
                })
        }
        return map
    }

    private static func argument(_ argument: FluxArgumentText) -> ConfigValue {
        switch argument.value {
        case .value(let value): value
        case .reference(let id): .map(["ref": .string(id)])
        case .references(let ids): .map(["reflist": .list(ids.map { .string($0) })])
        }
    }

    private static func vertex(_ vertex: FluxVertex) -> ConfigValue {
        var map = object(vertex.object)
        map["parallelism"] = .int(vertex.parallelism)
        if let tasks = vertex.tasks { map["numTasks"] = .int(tasks) }
        if !vertex.config.isEmpty { map["config"] = config(vertex.config) }
        return .map(map)
    }

    private static func stream(_ stream: FluxStream) -> ConfigValue {
        var grouping: [String: ConfigValue] = ["type": .string(stream.grouping.kind.rawValue)]
        if let id = stream.grouping.stream { grouping["streamId"] = .string(id) }
        if !stream.grouping.fields.isEmpty { grouping["args"] = .list(stream.grouping.fields.map { .string($0) }) }
        if let custom = stream.grouping.custom { grouping["customClass"] = .map(object(custom)) }
        var map: [String: ConfigValue] = ["from": .string(stream.from), "to": .string(stream.to)]
        if let name = stream.name { map["name"] = .string(name) }
        map["grouping"] = .map(grouping)
        return .map(map)
    }
}
