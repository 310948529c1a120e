import StormCore

/// One map of the file with the path of its key, such as `bolts[1]`.
struct FluxMap {
    let entries: [FluxNode.Entry]
    let path: String
    let place: FluxPlace

    /// Nil when the key is missing or its value is empty.
    subscript(key: String) -> FluxNode? {
        entries.first { $0.key == key && !$0.node.isNull }?.node
    }

    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    func place(of key: String) -> FluxPlace { entries.first { $0.key == key }?.place ?? place }
}

/// Takes values out of maps and collects what is wrong with them; what is wrong reads as missing.
struct FluxMapReader {
    var faults: [FluxFault] = []

    mutating func fault(_ place: FluxPlace?, _ key: String, _ problem: String) {
        faults.append(FluxFault(place, key, problem))
    }

    /// - Parameter known: the keys that may stand there; nil: any.
    mutating func map(_ node: FluxNode, _ path: String, known: [String]?) -> FluxMap? {
        guard case .map(let entries) = node.content else {
            let keys = known.map { ": " + $0.prefix(4).joined(separator: ", ") + ($0.count > 4 ? ", …" : "") } ?? ""
            fault(node.place, path, "must be a map of keys and values\(keys); it is \(node.kindName)")
            return nil
        }
        if let known {
            for entry in entries where !known.contains(entry.key) {
                let hint =
                    KeySuggestion.nearest(to: entry.key, among: known).map { "did you mean \($0)?" }
                    ?? "there are: \(known.joined(separator: ", "))"
                fault(entry.place, path.isEmpty ? entry.key : "\(path).\(entry.key)", "unknown key; \(hint)")
            }
        }
        return FluxMap(entries: entries, path: path, place: node.place)
    }

    mutating func list(_ map: FluxMap, _ key: String) -> [(node: FluxNode, path: String)] {
        guard let node = map[key] else { return [] }
        guard case .list(let nodes) = node.content else {
            fault(node.place, map.path(of: key), "must be a list; it is \(node.kindName)")
            return []
        }
        return nodes.enumerated().map { ($1, "\(map.path(of: key))[\($0)]") }
    }

    mutating func text(_ map: FluxMap, _ key: String) -> String? {
        guard let node = map[key] else { return nil }
        return text(node, map.path(of: key))
    }

    /// A number counts as its digits: names may be numbers.
    mutating func text(_ node: FluxNode, _ path: String) -> String? {
        switch node.content {
        case .scalar(.string(let text)) where !text.isEmpty: return text
        case .scalar(.int(let number)): return "\(number)"
        default:
            let kind = node.value == "" ? "empty" : node.kindName
            fault(node.place, path, "must be text; it is \(kind)")
            return nil
        }
    }

    mutating func required(_ map: FluxMap, _ key: String) -> String? {
        if map[key] == nil {
            fault(map.place, map.path(of: key), "is missing")
            return nil
        }
        return text(map, key)
    }

    mutating func texts(_ map: FluxMap, _ key: String) -> [String] {
        list(map, key).compactMap { text($0.node, $0.path) }
    }

    mutating func integer(_ map: FluxMap, _ key: String, atLeast least: Int) -> Int? {
        guard let node = map[key] else { return nil }
        guard case .scalar(.int(let number)) = node.content, number >= least else {
            fault(node.place, map.path(of: key), "must be an integer from \(least) on; it is \(node.value)")
            return nil
        }
        return number
    }

    mutating func boolean(_ map: FluxMap, _ key: String) -> Bool {
        guard let node = map[key] else { return false }
        guard case .scalar(.bool(let value)) = node.content else {
            fault(node.place, map.path(of: key), "must be true or false; it is \(node.value)")
            return false
        }
        return value
    }
}
