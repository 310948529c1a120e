import StormCore
import StormYAML
import Yams

/// Turns the library's tree into ours; see `FluxYAML` for the limits.
struct NodeConversion {
    let file: String
    private var nodes = 0

    init(file: String) { self.file = file }

    mutating func node(_ node: Node, depth: Int, line: Int) throws(FluxFaults) -> FluxNode {
        nodes += 1
        let line = node.mark?.line ?? line
        let place = FluxPlace(file, line)
        guard nodes <= FluxYAML.nodesMax else {
            let what =
                "more than \(FluxYAML.nodesMax) values, aliases written out; write less, or no aliases of aliases"
            throw FluxFaults([FluxFault(place, "", what)])
        }
        guard depth < FluxYAML.depthMax else {
            throw FluxFaults([FluxFault(place, "", "nested more than \(FluxYAML.depthMax) levels deep")])
        }
        switch node {
        case .scalar(let scalar): return FluxNode(content: .scalar(YAMLValue.scalar(scalar)), place: place)
        case .sequence(let sequence):
            var items: [FluxNode] = []
            for item in sequence { items.append(try self.node(item, depth: depth + 1, line: line)) }
            return FluxNode(content: .list(items), place: place)
        case .mapping(let mapping):
            return FluxNode(content: .map(try entries(mapping, depth: depth, line: line)), place: place)
        case .alias: throw FluxFaults([FluxFault(place, "", "an alias that names nothing")])
        }
    }

    private mutating func entries(
        _ mapping: Node.Mapping, depth: Int, line: Int
    ) throws(FluxFaults) -> [FluxNode.Entry] {
        var entries: [FluxNode.Entry] = []
        var merged: [FluxNode.Entry] = []
        for (key, value) in mapping {
            let place = FluxPlace(file, key.mark?.line ?? line)
            guard case .scalar(let name) = key else {
                throw FluxFaults([FluxFault(place, "", "a key must be plain text, not a list or a map")])
            }
            let child = try node(value, depth: depth + 1, line: place.line)
            if name.string == "<<", name.style == .plain {
                merged += try merge(child, place)
            } else {
                entries.append(FluxNode.Entry(key: name.string, place: place, node: child))
            }
        }
        for entry in merged where !entries.contains(where: { $0.key == entry.key }) { entries.append(entry) }
        return entries
    }

    /// What `<<` brings in: a map's entries, or those of several maps, of which the first wins.
    private func merge(_ node: FluxNode, _ place: FluxPlace) throws(FluxFaults) -> [FluxNode.Entry] {
        switch node.content {
        case .map(let entries): return entries
        case .list(let nodes):
            var all: [FluxNode.Entry] = []
            for node in nodes {
                guard case .map(let entries) = node.content else { break }
                all += entries
            }
            return all
        case .scalar: throw FluxFaults([FluxFault(place, "<<", "it takes a map, or a list of maps")])
        }
    }
}
