package import StormCore

/// A YAML topology that is right as far as the text alone can tell: names exist, once, and references point upwards.
/// Whether its classes are known shows when it is put together (`FluxAssembly`).
package struct FluxTopology: Sendable {
    package private(set) var name: String
    package private(set) var document: FluxDocument
    /// What its author should know although it works.
    package private(set) var notices: [FluxFault]
    /// Bolts that some stream leads to; others take no part, as with Flux.
    package private(set) var bolts: [FluxVertex]

    init(_ document: FluxDocument, notices: [FluxFault]) {
        self.document = document
        self.notices = notices
        name = document.name?.text ?? ""
        let targets = Set(document.streams.map(\.to))
        bolts = document.bolts.filter { targets.contains($0.id) }
    }

    package var spouts: [FluxVertex] { document.spouts }
    package var streams: [FluxStream] { document.streams }

    /// The topology's own configuration.
    package var configuration: [String: ConfigValue] {
        Dictionary(document.config.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// Everything that is wrong with the whole; adds notices.
    mutating func check() -> [FluxFault] {
        var faults: [FluxFault] = []
        if let given = document.name {
            if let fault = TopologyName.fault(given.text) { faults.append(FluxFault(given.place, "name", fault)) }
        } else if !document.hasName {
            faults.append(FluxFault(document.place, "name", "is missing; a topology has a name"))
        }
        if !document.hasSpouts {
            faults.append(
                FluxFault(document.place, "spouts", "there is no spout; a topology needs at least one source"))
        }
        // What is wrong with the values was found when they were read; here only what may be a typing error counts.
        let notes = (try? Config.resolve([FluxConfig.layer(document.config)]).notices) ?? []
        notices += notes.filter(\.isWarning).map { FluxFault(nil, "", $0.description) }
        faults += doubles(document.components, "component")
        faults += doubles(document.workerHooks, "worker hook")
        faults += doubles((document.spouts + document.bolts).map(\.object), "spout or bolt")
        faults += references()
        faults += ends()
        for bolt in document.bolts where !bolts.contains(where: { $0.id == bolt.id }) {
            notices.append(
                FluxFault(bolt.object.place, bolt.object.path, "no stream leads to bolt '\(bolt.id)'; it is left out"))
        }
        return faults
    }

    private func doubles(_ objects: [FluxObject], _ what: String) -> [FluxFault] {
        objects.enumerated().compactMap { index, object in
            guard let first = objects[..<index].first(where: { $0.id == object.id }) else { return nil }
            let text = "\(what) '\(object.id)' is there already, at \(first.place); names are unique"
            return FluxFault(object.place, "\(object.path).id", text)
        }
    }

    /// References lead to components that are built before.
    private func references() -> [FluxFault] {
        var faults: [FluxFault] = []
        let all = document.components.map(\.id)
        func check(_ object: FluxObject, known: ArraySlice<String>) {
            let arguments =
                object.constructorArgs + object.properties.map(\.argument) + object.configMethods.flatMap(\.arguments)
            for argument in arguments {
                for name in argument.value.names where !known.contains(name) {
                    faults.append(FluxFault(argument.place, argument.path, unknown(name, known, all)))
                }
            }
        }
        for (index, component) in document.components.enumerated() { check(component, known: all[..<index]) }
        let users = document.workerHooks + (document.spouts + document.bolts).map(\.object)
        for object in users + document.streams.compactMap(\.grouping.custom) { check(object, known: all[...]) }
        return faults
    }

    private func unknown(_ name: String, _ known: ArraySlice<String>, _ all: [String]) -> String {
        if all.contains(name) { return "component '\(name)' stands further down; components are built in their order" }
        if (document.spouts + document.bolts).contains(where: { $0.id == name }) {
            return "'\(name)' is a spout or bolt; only components can be referred to"
        }
        let hint = KeySuggestion.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
        return "there is no component '\(name)'\(hint)"
    }

    /// Both ends of each stream.
    private func ends() -> [FluxFault] {
        var faults: [FluxFault] = []
        let spouts = document.spouts.map(\.id)
        let bolts = document.bolts.map(\.id)
        func hint(_ name: String, _ names: [String]) -> String {
            KeySuggestion.nearest(to: name, among: names).map { "; did you mean '\($0)'?" }
                ?? "; there are: \(names.joined(separator: ", "))"
        }
        for stream in document.streams {
            if !(spouts + bolts).contains(stream.from) {
                let text = "there is no spout or bolt '\(stream.from)'" + hint(stream.from, spouts + bolts)
                faults.append(FluxFault(stream.place, "\(stream.path).from", text))
            }
            if spouts.contains(stream.to) {
                let text = "'\(stream.to)' is a spout; streams lead to bolts"
                faults.append(FluxFault(stream.place, "\(stream.path).to", text))
            } else if !bolts.contains(stream.to) {
                let text = "there is no bolt '\(stream.to)'" + hint(stream.to, bolts)
                faults.append(FluxFault(stream.place, "\(stream.path).to", text))
            }
        }
        return faults
    }
}
