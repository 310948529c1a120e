import StormCore
import StormTopology

/// One assembly: the components that were made so far, and everything that is wrong.
struct FluxAssemblyRun {
    private static let partialKey = "org.apache.storm.grouping.PartialKeyGrouping"
    /// What a partial-key grouping takes in Java; here a list of names.
    private static let fieldsClass = "org.apache.storm.tuple.Fields"

    let components: FluxComponents
    let isTrial: Bool
    private(set) var faults: [FluxFault] = []
    private var objects: [String: any Sendable] = [:]
    /// Components that could not be made: what refers to them is not complained about again.
    private var broken: Set<String> = []

    init(components: FluxComponents, isTrial: Bool) {
        self.components = components
        self.isTrial = isTrial
    }

    // MARK: Components

    mutating func makeComponents(_ all: [FluxObject]) {
        for object in all {
            if let made = component(object) { objects[object.id] = made } else { broken.insert(object.id) }
        }
    }

    private mutating func component(_ object: FluxObject) -> (any Sendable)? {
        if object.className == Self.fieldsClass { return fieldNames(object.constructorArgs) }
        guard let make = components.components[object.className] else {
            unknown(object, "component", nil, Array(components.components.keys))
            return nil
        }
        return made(object, make)
    }

    mutating func workerHook(_ object: FluxObject) -> (any WorkerHook)? {
        guard let make = components.workerHooks[object.className] else {
            unknown(object, "worker hook", nil, Array(components.workerHooks.keys))
            return nil
        }
        return made(object, make)
    }

    private mutating func made<T>(_ object: FluxObject, _ make: (FluxArguments) throws -> T) -> T? {
        guard var arguments = arguments(object) else { return nil }
        let reads = FluxReads()
        arguments.reads = reads
        do {
            let result = try make(arguments)
            checkReads(object, reads)
            return result
        } catch {
            refuse(object, error)
            return nil
        }
    }

    mutating func shell(_ object: FluxObject) -> FluxShell? {
        var found: [FluxFault] = []
        let shell = FluxShell(object, faults: &found)
        faults += found
        return found.isEmpty ? shell : nil
    }

    /// Whether an object without arguments has none.
    mutating func takesNothing(_ object: FluxObject) -> Bool {
        let before = faults.count
        checkReads(object, FluxReads())
        return faults.count == before
    }

    // MARK: Arguments

    /// The arguments of a spout or bolt, tried when that is asked for. Nil: they do not suit, or belong to something broken.
    mutating func arguments(_ object: FluxObject, trial: (FluxArguments) throws -> Void) -> FluxArguments? {
        guard let arguments = arguments(object) else { return nil }
        guard isTrial else { return arguments }
        var watched = arguments
        let reads = FluxReads()
        watched.reads = reads
        do {
            try trial(watched)
        } catch {
            refuse(object, error)
            return nil
        }
        checkReads(object, reads)
        return arguments
    }

    private func arguments(_ object: FluxObject) -> FluxArguments? {
        var result = FluxArguments()
        result.count = object.constructorArgs.count
        for (index, argument) in object.constructorArgs.enumerated() {
            guard let item = item(argument.value) else { return nil }
            result.items[.index(index)] = item
        }
        for property in object.properties {
            guard let item = item(property.argument.value) else { return nil }
            result.items[.name(property.name)] = item
        }
        for method in object.configMethods {
            var call = FluxArguments()
            call.count = method.arguments.count
            for (index, argument) in method.arguments.enumerated() {
                guard let item = item(argument.value) else { return nil }
                call.items[.index(index)] = item
            }
            result.methods.append((method.name, call))
        }
        return result
    }

    /// Nil: it refers to something that could not be made.
    private func item(_ value: FluxValue) -> FluxArguments.Item? {
        switch value {
        case .value(let value): return .value(value)
        case .reference(let id): return objects[id].map { .object($0) }
        case .references(let ids):
            let found = ids.compactMap { objects[$0] }
            return found.count == ids.count ? .objects(found) : nil
        }
    }

    /// What was given and never asked for is a mistake, most likely a typing error.
    private mutating func checkReads(_ object: FluxObject, _ reads: FluxReads) {
        let keys = reads.keys
        for (index, argument) in object.constructorArgs.enumerated() where !keys.contains(.index(index)) {
            fault(argument.place, argument.path, "'\(object.className)' takes no argument \(index)")
        }
        let names = keys.compactMap { if case .name(let name) = $0 { name } else { nil } }
        for property in object.properties where !keys.contains(.name(property.name)) {
            let text = "'\(object.className)' has no property '\(property.name)'" + Self.hint(property.name, names)
            fault(property.argument.place, property.argument.path, text)
        }
        for method in object.configMethods where !reads.methods.contains(method.name) {
            let text = "'\(object.className)' has no method '\(method.name)'" + Self.hint(method.name, reads.methods)
            fault(method.place, method.path, text)
        }
    }

    private static func hint(_ name: String, _ known: some Sequence<String>) -> String {
        KeySuggestion.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// At the line of the argument that the error is about.
    private mutating func refuse(_ object: FluxObject, _ error: any Error) {
        let known = error as? FluxArgumentError
        let argument: FluxArgumentText? =
            switch known?.key {
            case .index(let index)?: index < object.constructorArgs.count ? object.constructorArgs[index] : nil
            case .name(let name)?: object.properties.last { $0.name == name }?.argument
            case nil: nil
            }
        let place = argument?.place ?? object.place
        fault(place, argument?.path ?? object.path, "'\(object.className)': \(known?.description ?? "\(error)")")
    }

    private mutating func fault(_ place: FluxPlace, _ path: String, _ problem: String) {
        faults.append(FluxFault(place, path, problem))
    }

    // MARK: Groupings

    mutating func connect(_ source: GlobalStreamID, _ object: FluxObject, _ declarer: BoltDeclarer) {
        if object.className == Self.partialKey {
            if let names = fieldNames(object.constructorArgs), !names.isEmpty {
                declarer.input(source, .partialKey(names))
            } else {
                let text = "PartialKeyGrouping takes the names of the fields, `constructorArgs: [[word]]`"
                fault(object.place, object.path, text)
            }
            return
        }
        guard let connect = components.groupings[object.className] else {
            unknown(object, "grouping", nil, Array(components.groupings.keys))
            return
        }
        // A grouping is an object of its own for each task; only its arguments are looked at here.
        _ = made(object) { try connect(declarer, source, $0) }
    }

    /// Names from `[[a, b]]`, `[a, b]` or a `ref` to Java's class of such lists.
    private func fieldNames(_ arguments: [FluxArgumentText]) -> [String]? {
        var names: [String] = []
        for argument in arguments {
            switch argument.value {
            case .value(.string(let name)): names.append(name)
            case .value(.list(let items)):
                for item in items {
                    guard case .string(let name) = item else { return nil }
                    names.append(name)
                }
            case .reference(let id):
                guard let list = objects[id] as? [String] else { return nil }
                names += list
            default: return nil
            }
        }
        return names
    }

    // MARK: Unknown classes

    /// - Parameter shell: the class of shell components of this kind, if there are any.
    mutating func unknown(_ object: FluxObject, _ kind: String, _ shell: String?, _ known: [String]) {
        let name = object.className
        let text: String
        if let near = KeySuggestion.nearest(to: name, among: known + (shell.map { [$0] } ?? [])) {
            text = "there is no \(kind) '\(name)'; did you mean '\(near)'?"
        } else {
            let what =
                name.contains(".")
                ? "the Java class \(name) cannot run here" : "there is no \(kind) of the name '\(name)'"
            let isOpen = components.isEmpty
            let names = known.sorted().joined(separator: ", ")
            let advice =
                known.isEmpty
                ? (isOpen
                    ? "Swift components need the program that has them, --program FILE"
                    : "the program has no \(kind) registered") : "the program has: \(names)"
            text = "\(what); \(advice)" + (shell.map { "; shell components have the class \($0)" } ?? "")
        }
        fault(object.place, "\(object.path).className", text)
    }
}
