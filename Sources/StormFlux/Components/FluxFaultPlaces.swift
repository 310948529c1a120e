import StormCore

/// Where in the file the faults of a topology were written.
struct FluxFaultPlaces {
    private let topology: FluxTopology

    init(_ topology: FluxTopology) { self.topology = topology }

    /// - Parameter isWhole: whether all of the file's components and streams are in the topology; else what is said about those
    ///   that are missing is left out.
    func faults(_ faults: [TopologyFault], isWhole: Bool) -> [FluxFault] {
        faults.filter { isWhole || ($0.input.map { $0.part != .source } ?? false) }.map(fault)
    }

    /// Whether a fault may be nothing but a consequence of others: it is about a component that has one of them, or about a
    /// stream from such a component.
    func follows(_ fault: FluxFault, _ others: [FluxFault]) -> Bool {
        if others.contains(where: { $0.key == fault.key && $0.place == fault.place }) { return true }
        let broken = vertices.filter { vertex in others.contains { Self.isAbout(vertex.object, $0) } }
        if broken.contains(where: { Self.isAbout($0.object, fault) }) { return true }
        let parts = topology.document.components + topology.document.workerHooks
        if parts.contains(where: { part in Self.isAbout(part, fault) && others.contains { Self.isAbout(part, $0) } }) {
            return true
        }
        // Without its section, or with no stream that can be read, the topology as a whole says nothing.
        guard let stream = topology.streams.first(where: { Self.isIn($0.path, fault.key, $0.place, fault.place) })
        else {
            return fault.key.isEmpty
        }
        return broken.contains { $0.id == stream.from }
    }

    private var vertices: [FluxVertex] { topology.spouts + topology.document.bolts }

    private static func isAbout(_ object: FluxObject, _ fault: FluxFault) -> Bool {
        isIn(object.path, fault.key, object.place, fault.place)
    }

    /// Whether a key is that of a part of the file or lies in it.
    private static func isIn(_ path: String, _ key: String, _ place: FluxPlace, _ other: FluxPlace?) -> Bool {
        guard let other, other.file == place.file else { return false }
        return key == path || key.hasPrefix(path + ".") || key.hasPrefix(path + "[")
    }

    private func fault(_ fault: TopologyFault) -> FluxFault {
        if let input = fault.input, let stream = stream(to: fault.component, input) {
            return self.fault(fault, of: stream, input.part)
        }
        let vertex = vertices.first { $0.id == fault.component }
        return FluxFault(
            vertex?.object.place ?? topology.document.place, vertex?.object.path ?? "",
            vertex == nil ? fault.problem : fault.description)
    }

    private func stream(to component: String, _ fault: TopologyInputFault) -> FluxStream? {
        let input = fault.input
        let all = topology.streams.filter {
            $0.to == component
                && GlobalStreamID($0.from, $0.grouping.stream.map { StreamID($0) } ?? .default) == input.source
        }
        // Of two of the same source the second is the one too many.
        guard fault.part != .again else { return all.last }
        return all.first {
            $0.grouping.kind == Self.kind(input.grouping)
                && ($0.grouping.kind != .fields || $0.grouping.fields == input.grouping.fields)
        } ?? all.last
    }

    private static func kind(_ grouping: GroupingDescription) -> FluxGrouping.Kind {
        switch grouping {
        case .shuffle: .shuffle
        case .localOrShuffle: .localOrShuffle
        case .fields: .fields
        case .all: .all
        case .global: .global
        case .none: .none
        case .direct: .direct
        case .partialKey, .custom: .custom
        }
    }

    private func fault(_ fault: TopologyFault, of stream: FluxStream, _ part: TopologyInputFault.Part) -> FluxFault {
        let grouping = stream.grouping
        let path = "\(stream.path).grouping"
        return switch part {
        case .source: FluxFault(stream.place, "\(stream.path).from", fault.description)
        case .stream: FluxFault(grouping.streamPlace, "\(path).streamId", fault.description)
        case .fields:
            if let custom = grouping.custom {
                FluxFault(custom.place, custom.path, fault.description)
            } else {
                FluxFault(grouping.argsPlace, "\(path).args", fault.description)
            }
        case .grouping: FluxFault(grouping.typePlace, "\(path).type", fault.description)
        case .again: FluxFault(stream.place, stream.path, fault.description)
        }
    }
}
