import StormCore
package import StormTopology

/// A shell component as Flux writes it: `FluxShellSpout` or `FluxShellBolt`.
package struct FluxShell: Sendable {
    package static let spoutClass = "org.apache.storm.flux.wrappers.spouts.FluxShellSpout"
    package static let boltClass = "org.apache.storm.flux.wrappers.bolts.FluxShellBolt"
    private static let methods = [
        "setDefaultStream", "setNamedStream", "setDirectStream", "addComponentConfig", "setEnv", "changeChildCWD",
    ]

    /// Program and arguments; never empty.
    package private(set) var command: [String] = []
    package private(set) var environment: [String: String] = [:]
    package private(set) var config: [FluxSetting] = []
    private var defaultStream: [String] = []
    private var streams: [(name: String, fields: [String], isDirect: Bool)] = []
    private var startsInResources = true

    package var outputs: Outputs {
        var outputs = defaultStream.isEmpty ? Outputs() : Outputs(defaultStream)
        for stream in streams {
            let id = StreamID(stream.name)
            outputs = stream.isDirect ? outputs.directStream(id, stream.fields) : outputs.stream(id, stream.fields)
        }
        return outputs
    }

    /// What is started: a shell first where the component shall stay in its worker's folder, as that is nowhere before the
    /// worker runs.
    package var launch: [String] {
        startsInResources ? command : ["sh", "-c", "cd \"/proc/$PPID/cwd\" && exec \"$@\"", "sh"] + command
    }

    /// - Parameter faults: gets what is wrong; then the value is of no use.
    init(_ object: FluxObject, faults: inout [FluxFault]) {
        let arguments = object.constructorArgs
        let form = "a shell component takes [[command, …], [field, …]]"
        if arguments.isEmpty || arguments.count > 2 {
            faults.append(
                FluxFault(object.place, "\(object.path).constructorArgs", "\(form); the fields may be left out"))
        } else {
            command = Self.texts(arguments[0], "the command, [program, argument, …]", &faults)
            if command.first?.isEmpty ?? true, faults.isEmpty {
                faults.append(FluxFault(arguments[0].place, arguments[0].path, "the command is empty; \(form)"))
            }
            if arguments.count == 2 { defaultStream = Self.texts(arguments[1], "the fields, [field, …]", &faults) }
        }
        for property in object.properties {
            let argument = property.argument
            faults.append(
                FluxFault(argument.place, argument.path, "shell components have no property '\(property.name)'"))
        }
        for method in object.configMethods { call(method, &faults) }
    }

    private mutating func call(_ method: FluxMethod, _ faults: inout [FluxFault]) {
        let arguments = method.arguments
        func takes(_ count: Int, _ what: String) -> Bool {
            if arguments.count == count { return true }
            let text = "\(method.name) takes \(what); it has \(arguments.count) arguments"
            faults.append(FluxFault(method.place, "\(method.path).args", text))
            return false
        }
        switch method.name {
        case "setDefaultStream":
            guard takes(1, "[[field, …]]") else { return }
            defaultStream = Self.texts(arguments[0], "the fields, [field, …]", &faults)
        case "setNamedStream", "setDirectStream":
            guard takes(2, "[stream, [field, …]]"), let name = Self.text(arguments[0], "the stream's name", &faults)
            else { return }
            let fields = Self.texts(arguments[1], "the fields, [field, …]", &faults)
            streams.removeAll { $0.name == name }
            streams.append((name, fields, method.name == "setDirectStream"))
        case "addComponentConfig":
            guard takes(2, "[key, value]"), let key = Self.text(arguments[0], "the key", &faults),
                case .value(let value) = arguments[1].value
            else { return }
            setting(FluxSetting(key: key, value: value, place: method.place), method.path, &faults)
        case "setEnv":
            guard takes(1, "[{NAME: value, …}]") else { return }
            setEnvironment(arguments[0], &faults)
        case "changeChildCWD":
            guard takes(1, "[true]") else { return }
            guard case .value(.bool(let changes)) = arguments[0].value else {
                let text = "must be true (starts in the folder of the resources) or false (in the worker's folder)"
                return faults.append(FluxFault(arguments[0].place, arguments[0].path, text))
            }
            startsInResources = changes
        default:
            let hint =
                KeySuggestion.nearest(to: method.name, among: Self.methods).map { "did you mean \($0)?" }
                ?? "there are: \(Self.methods.joined(separator: ", "))"
            faults.append(
                FluxFault(
                    method.place, "\(method.path).name", "shell components have no method '\(method.name)'; \(hint)"))
        }
    }

    private mutating func setting(_ setting: FluxSetting, _ path: String, _ faults: inout [FluxFault]) {
        do throws(ConfigFaults) {
            _ = try Config.resolve([FluxConfig.layer([setting])])
            config.append(setting)
        } catch {
            for fault in error.faults {
                let text = ConfigFault(key: fault.key, fault.problem, at: nil).description
                faults.append(FluxFault(setting.place, path, text))
            }
        }
    }

    private mutating func setEnvironment(_ argument: FluxArgumentText, _ faults: inout [FluxFault]) {
        guard case .value(.map(let entries)) = argument.value else {
            faults.append(FluxFault(argument.place, argument.path, "must be a map of names and texts"))
            return
        }
        for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
            guard let text = Self.scalar(value), !name.isEmpty, !name.contains("=") else {
                faults.append(FluxFault(argument.place, argument.path, "\(name) must be a text; it is \(value)"))
                continue
            }
            environment[name] = text
        }
    }

    private static func scalar(_ value: ConfigValue) -> String? {
        switch value {
        case .string(let text): text
        case .int, .double, .bool: value.description
        default: nil
        }
    }

    private static func text(_ argument: FluxArgumentText, _ what: String, _ faults: inout [FluxFault]) -> String? {
        if case .value(let value) = argument.value, let text = scalar(value), !text.isEmpty { return text }
        faults.append(FluxFault(argument.place, argument.path, "must be \(what), a text"))
        return nil
    }

    private static func texts(_ argument: FluxArgumentText, _ what: String, _ faults: inout [FluxFault]) -> [String] {
        if case .value(.list(let items)) = argument.value {
            let texts = items.compactMap(scalar)
            if texts.count == items.count, !texts.contains(where: { $0.utf8.contains(0) }) { return texts }
        }
        faults.append(FluxFault(argument.place, argument.path, "must be \(what), a list of texts"))
        return []
    }
}
