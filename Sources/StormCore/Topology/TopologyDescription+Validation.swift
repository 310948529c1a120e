/// What is wrong with a topology: which component, and what to do.
public struct TopologyFault: Hashable, Sendable, CustomStringConvertible {
    /// Empty when the fault is the topology's as a whole.
    public let component: String
    public let problem: String
    /// For those who know where it was written; nil: it is not about one input.
    package let input: TopologyInputFault?

    public init(component: String = "", _ problem: String) { self.init(component: component, problem, input: nil) }

    package init(component: String, _ problem: String, input: TopologyInputFault?) {
        self.component = component
        self.problem = problem
        self.input = input
    }

    public var description: String { component.isEmpty ? problem : "component '\(component)': \(problem)" }
}

/// Which input of a component a fault is about, and which part of it.
package struct TopologyInputFault: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        /// The component that it comes from.
        case source
        case stream
        case fields
        case grouping
        /// The whole: the same stream is subscribed to already.
        case again
    }

    package let input: InputDescription
    package let part: Part
}

/// Thrown for a topology that cannot run. Lists every fault, not only the first.
public struct InvalidTopologyError: Error, Hashable, CustomStringConvertible {
    public let faults: [TopologyFault]

    public init(_ faults: [TopologyFault]) { self.faults = faults }

    public var description: String {
        "invalid topology: " + faults.map(\.description).joined(separator: "; ")
    }
}

extension TopologyDescription {
    /// Everything that is wrong, in component order; empty means it can run.
    ///
    /// The rules are those of Storm's builder and of nimbus' `validateBasic` and `validateStructure`, plus a check of
    /// grouping fields against the subscribed stream itself.
    public func faults() -> [TopologyFault] {
        var faults: [TopologyFault] = []
        if !components.contains(where: { $0.kind == .spout }) {
            faults.append(TopologyFault("there is no spout; a topology needs at least one source"))
        }
        for (index, component) in components.enumerated() {
            if index > 0, components[index - 1].id == component.id {
                faults.append(TopologyFault(component: component.id, "the name is used twice; names are unique"))
            }
            faults += component.ownFaults()
            faults += component.inputs.flatMap { inputFaults($0, of: component) }
        }
        return faults
    }

    /// - Throws: `InvalidTopologyError` with all faults.
    public func validate() throws {
        let found = faults()
        if !found.isEmpty { throw InvalidTopologyError(found) }
    }

    private func inputFaults(_ input: InputDescription, of component: ComponentDescription) -> [TopologyFault] {
        func fault(_ part: TopologyInputFault.Part, _ problem: String) -> [TopologyFault] {
            [TopologyFault(component: component.id, problem, input: .init(input: input, part: part))]
        }
        guard let source = self[input.source.component] else {
            let known = components.map(\.id).filter { $0 != component.id }.joined(separator: ", ")
            return fault(
                .source, "subscribes to '\(input.source.component)', which does not exist (there are: \(known))")
        }
        guard let stream = source.stream(input.source.stream) else {
            let known = source.streams.map(\.id.name).joined(separator: ", ")
            return fault(
                .stream,
                "subscribes to stream '\(input.source.stream)' of '\(source.id)', which does not declare it "
                    + "(it has: \(known.isEmpty ? "no streams" : known))")
        }
        let missing = input.grouping.fields.filter { !stream.fields.contains($0) }
        if !missing.isEmpty {
            return fault(
                .fields,
                "groups '\(source.id)' by \(missing.map { "'\($0)'" }.joined(separator: ", ")), but stream "
                    + "'\(stream.id)' has the fields: \(stream.fields.joined(separator: ", "))")
        }
        switch input.grouping {
        case .fields([]), .partialKey([]):
            return fault(
                .fields, "groups '\(source.id)' by no field; use the global grouping to send all to one task")
        default: break
        }
        if stream.isDirect != (input.grouping == .direct) {
            return fault(
                .grouping,
                stream.isDirect
                    ? "subscribes to direct stream '\(input.source)' with grouping \(input.grouping); use direct"
                    : "uses the direct grouping on '\(input.source)', which is not declared direct")
        }
        return []
    }
}

extension ComponentDescription {
    fileprivate func ownFaults() -> [TopologyFault] {
        var faults: [TopologyFault] = []
        func fault(_ problem: String) { faults.append(TopologyFault(component: id, problem)) }
        if id.isEmpty { fault("the name is empty") }
        if id.hasPrefix("__") { fault("names that start with '__' belong to the system") }
        if parallelism < 1 { fault("parallelism is \(parallelism); it must be at least 1") }
        if parallelism >= 1, taskCount < 1 { fault("\(taskCount) tasks; there must be at least 1") }
        if kind == .spout, !inputs.isEmpty { fault("is a spout and cannot have inputs") }
        if kind == .bolt, inputs.isEmpty { fault("is a bolt without input; subscribe it to a stream") }
        for (index, stream) in streams.enumerated() {
            if index > 0, streams[index - 1].id == stream.id { fault("declares stream '\(stream.id)' twice") }
            if stream.id.name.isEmpty { fault("declares a stream without a name") }
            if stream.id.name.hasPrefix("__") { fault("stream '\(stream.id)': names with '__' belong to the system") }
            let repeated = Set(stream.fields.filter { name in stream.fields.count(where: { $0 == name }) > 1 })
            if !repeated.isEmpty {
                fault(
                    "stream '\(stream.id)' has field \(repeated.sorted().map { "'\($0)'" }.joined(separator: ", ")) twice"
                )
            }
            if stream.fields.count > 255 { fault("stream '\(stream.id)' has more than 255 fields") }
        }
        for (name, value) in configuration.sorted(by: { $0.key < $1.key }) where name.hasPrefix("topology.retry.") {
            guard let key = ConfigKeys.byName[name] else {
                fault("\(name) is no key of the system")
                continue
            }
            if key.accepted(value) == nil { fault("\(name) is \(value); it must be \(key.expectation)") }
        }
        for (index, input) in inputs.enumerated() where inputs[..<index].contains(where: { $0.source == input.source })
        {
            faults.append(
                TopologyFault(
                    component: id, "subscribes to '\(input.source)' twice",
                    input: .init(input: input, part: .again)))
        }
        return faults
    }
}
