import StormCore

/// Reads the sections of a file; everything that is wrong is collected, nothing thrown.
struct FluxDocumentReader {
    static let sections = [
        "name", "config", "components", "spouts", "bolts", "streams", "workerHooks", "includes", "topologySource",
    ]
    private static let objectKeys = [
        "id", "className", "constructorArgs", "factory", "factoryArgs", "properties", "configMethods",
    ]
    private static let vertexKeys =
        objectKeys + ["parallelism", "numTasks", "config", "onHeapMemoryLoad", "offHeapMemoryLoad", "cpuLoad"]

    var reader = FluxMapReader()

    mutating func document(_ root: FluxNode) -> FluxDocument {
        var document = FluxDocument(place: root.place)
        guard let map = reader.map(root, "", known: Self.sections) else {
            // That is enough to say about it.
            (document.hasName, document.hasSpouts) = (true, true)
            return document
        }
        (document.hasName, document.hasSpouts) = (map["name"] != nil, map["spouts"] != nil)
        if let name = reader.text(map, "name") { document.name = FluxText(text: name, place: map.place(of: "name")) }
        document.config = settings(map)
        document.components = objects(map, "components")
        document.workerHooks = objects(map, "workerHooks")
        document.spouts = vertices(map, "spouts")
        document.bolts = vertices(map, "bolts")
        document.streams = reader.list(map, "streams").compactMap { stream($0.node, $0.path) }
        document.includes = reader.list(map, "includes").compactMap { include($0.node, $0.path) }
        if map["topologySource"] != nil {
            reader.fault(
                map.place(of: "topologySource"), "topologySource",
                "a topology built by Java code cannot run here; name its spouts, bolts and streams, "
                    + "or write a Swift program (StormTopology)")
        }
        return document
    }

    // MARK: Configuration

    private mutating func settings(_ map: FluxMap) -> [FluxSetting] {
        guard let node = map["config"], let entries = reader.map(node, map.path(of: "config"), known: nil) else {
            return []
        }
        let settings = entries.entries.map { FluxSetting(key: $0.key, value: $0.node.value, place: $0.place) }
        do throws(ConfigFaults) {
            _ = try Config.resolve([FluxConfig.layer(settings)])
        } catch {
            for fault in error.faults {
                let place = settings.first { $0.key == fault.key }?.place
                reader.fault(place, entries.path, ConfigFault(key: fault.key, fault.problem, at: nil).description)
            }
        }
        return settings
    }

    // MARK: Objects

    private mutating func objects(_ map: FluxMap, _ key: String) -> [FluxObject] {
        reader.list(map, key).compactMap { node, path in
            guard let map = reader.map(node, path, known: Self.objectKeys) else { return nil }
            return object(map, needsID: true)
        }
    }

    private mutating func object(_ map: FluxMap, needsID: Bool) -> FluxObject? {
        let id = needsID ? reader.required(map, "id") : ""
        let className = reader.required(map, "className")
        for key in ["factory", "factoryArgs"] where map[key] != nil {
            reader.fault(
                map.place(of: key), map.path(of: key),
                "Java's static methods cannot be called here; register a Swift component that does it under a name of "
                    + "its own")
        }
        let arguments = arguments(map, "constructorArgs")
        let properties = reader.list(map, "properties").compactMap { property($0.node, $0.path) }
        let methods = reader.list(map, "configMethods").compactMap { method($0.node, $0.path) }
        // Without its class it is still there for those who name it.
        guard let id else { return nil }
        return FluxObject(
            id: id, className: className ?? "", constructorArgs: arguments, properties: properties,
            configMethods: methods,
            place: map.place, path: map.path)
    }

    private mutating func arguments(_ map: FluxMap, _ key: String) -> [FluxArgumentText] {
        reader.list(map, key).map { argument($0.node, $0.path) }
    }

    /// A map with the one key `ref` or `reflist` is always a reference; other maps are plain ones.
    private mutating func argument(_ node: FluxNode, _ path: String) -> FluxArgumentText {
        var value = FluxValue.value(node.value)
        if case .map(let entries) = node.content, entries.count == 1, let entry = entries.first {
            if entry.key == "ref", let name = reader.text(entry.node, "\(path).ref") {
                value = .reference(name)
            } else if entry.key == "reflist" {
                let map = FluxMap(entries: entries, path: path, place: node.place)
                value = .references(reader.texts(map, "reflist"))
            }
        }
        return FluxArgumentText(value: value, place: node.place, path: path)
    }

    private mutating func property(_ node: FluxNode, _ path: String) -> FluxProperty? {
        guard let map = reader.map(node, path, known: ["name", "value", "ref"]),
            let name = reader.required(map, "name")
        else { return nil }
        let value: FluxValue
        switch (map["value"], map["ref"]) {
        case (nil, nil):
            reader.fault(map.place, path, "property '\(name)' has neither value nor ref")
            return nil
        case (.some, .some):
            reader.fault(map.place, path, "property '\(name)' has both value and ref; keep one of the two")
            return nil
        case (let node?, nil): value = .value(node.value)
        case (nil, let node?):
            guard let id = reader.text(node, "\(path).ref") else { return nil }
            value = .reference(id)
        }
        return FluxProperty(name: name, argument: FluxArgumentText(value: value, place: map.place, path: path))
    }

    private mutating func method(_ node: FluxNode, _ path: String) -> FluxMethod? {
        guard let map = reader.map(node, path, known: ["name", "args"]), let name = reader.required(map, "name") else {
            return nil
        }
        return FluxMethod(name: name, arguments: arguments(map, "args"), place: map.place, path: path)
    }

    // MARK: Spouts and bolts

    private mutating func vertices(_ map: FluxMap, _ key: String) -> [FluxVertex] {
        reader.list(map, key).compactMap { node, path in
            guard let map = reader.map(node, path, known: Self.vertexKeys) else { return nil }
            let parallelism = reader.integer(map, "parallelism", atLeast: 1) ?? 1
            var tasks = reader.integer(map, "numTasks", atLeast: -1)
            if tasks == 0 {
                reader.fault(map.place(of: "numTasks"), map.path(of: "numTasks"), "must be at least 1, or -1 for unset")
            }
            if tasks == -1 { tasks = nil }
            let config = loads(map) + settings(map)
            guard let object = object(map, needsID: true) else { return nil }
            return FluxVertex(object: object, parallelism: parallelism, tasks: tasks, config: config)
        }
    }

    /// What a task needs of a machine; -1 is unset. The memory outside of the heap counts only with the other, as with Flux.
    private mutating func loads(_ map: FluxMap) -> [FluxSetting] {
        var settings: [FluxSetting] = []
        func add(_ key: String, _ name: String, _ value: Int?) {
            guard let value, value >= 0 else { return }
            settings.append(FluxSetting(key: name, value: .double(Double(value)), place: map.place(of: key)))
        }
        let onHeap = reader.integer(map, "onHeapMemoryLoad", atLeast: -1)
        let offHeap = reader.integer(map, "offHeapMemoryLoad", atLeast: -1)
        add("onHeapMemoryLoad", "topology.component.resources.onheap.memory.mb", onHeap)
        if let onHeap, onHeap >= 0 {
            add("offHeapMemoryLoad", "topology.component.resources.offheap.memory.mb", offHeap)
        }
        add("cpuLoad", "topology.component.cpu.pcore.percent", reader.integer(map, "cpuLoad", atLeast: -1))
        return settings
    }

    // MARK: Streams and includes

    private mutating func stream(_ node: FluxNode, _ path: String) -> FluxStream? {
        // Storm's own files also give streams an id, which Flux takes for a label.
        guard let map = reader.map(node, path, known: ["name", "id", "from", "to", "grouping"]) else { return nil }
        let name = reader.text(map, "name") ?? reader.text(map, "id")
        let (from, to) = (reader.required(map, "from"), reader.required(map, "to"))
        guard let node = map["grouping"] else {
            reader.fault(map.place, map.path(of: "grouping"), "is missing; write `grouping: {type: SHUFFLE}`")
            return nil
        }
        guard let grouping = grouping(node, map.path(of: "grouping")), let from, let to else { return nil }
        return FluxStream(name: name, from: from, to: to, grouping: grouping, place: map.place, path: path)
    }

    private mutating func grouping(_ node: FluxNode, _ path: String) -> FluxGrouping? {
        guard let map = reader.map(node, path, known: ["type", "streamId", "args", "customClass"]),
            let type = reader.required(map, "type")
        else { return nil }
        guard let kind = FluxGrouping.Kind(rawValue: type) else {
            let names = FluxGrouping.Kind.allCases.map(\.rawValue)
            let hint =
                KeySuggestion.nearest(to: type, among: names).map { "did you mean \($0)?" }
                ?? "there are: \(names.joined(separator: ", "))"
            reader.fault(map.place(of: "type"), map.path(of: "type"), "'\(type)' is no grouping; \(hint)")
            return nil
        }
        var grouping = FluxGrouping(
            kind: kind, fields: reader.texts(map, "args"), stream: reader.text(map, "streamId"),
            typePlace: map.place(of: "type"), argsPlace: map.place(of: "args"), streamPlace: map.place(of: "streamId"))
        if kind == .fields, map["args"] == nil || grouping.fields.isEmpty {
            let what = "FIELDS needs the names of the fields, `args: [word]`"
            reader.fault(map.place(of: "args"), map.path(of: "args"), what)
            return nil
        }
        if kind == .custom {
            guard let node = map["customClass"] else {
                reader.fault(
                    map.place, map.path(of: "customClass"), "CUSTOM needs it, `customClass: {className: NAME}`")
                return nil
            }
            let known = Self.objectKeys.filter { $0 != "id" }
            guard let custom = reader.map(node, map.path(of: "customClass"), known: known),
                let object = object(custom, needsID: false)
            else { return nil }
            grouping.custom = object
        }
        return grouping
    }

    private mutating func include(_ node: FluxNode, _ path: String) -> FluxInclude? {
        guard let map = reader.map(node, path, known: ["file", "resource", "override"]) else { return nil }
        let (isResource, overrides) = (reader.boolean(map, "resource"), reader.boolean(map, "override"))
        guard let file = reader.required(map, "file") else { return nil }
        return FluxInclude(
            file: file, isResource: isResource, overrides: overrides, place: map.place(of: "file"), path: path)
    }
}

/// Settings as the configuration's own layers.
enum FluxConfig {
    static func layer(_ settings: [FluxSetting]) -> ConfigLayer {
        ConfigLayer(
            settings.map { ConfigSetting($0.key, $0.value, from: .file(path: $0.place.file, line: $0.place.line)) })
    }
}
