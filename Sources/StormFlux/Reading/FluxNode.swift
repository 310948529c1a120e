import StormCore
import StormYAML
import Yams

/// A piece of YAML with the place of each part; aliases are expanded and `<<` merged.
struct FluxNode {
    enum Content {
        case scalar(ConfigValue)
        case list([FluxNode])
        case map([Entry])
    }

    struct Entry {
        let key: String
        let place: FluxPlace
        let node: FluxNode
    }

    let content: Content
    let place: FluxPlace

    /// Without the places.
    var value: ConfigValue {
        switch content {
        case .scalar(let value): value
        case .list(let nodes): .list(nodes.map(\.value))
        case .map(let entries): .map(Dictionary(entries.map { ($0.key, $0.node.value) }, uniquingKeysWith: { $1 }))
        }
    }

    var isNull: Bool {
        if case .scalar(.null) = content { true } else { false }
    }

    /// What a person calls it.
    var kindName: String {
        switch content {
        case .scalar(let value): value.isNull ? "empty" : value.kindName
        case .list: "a list"
        case .map: "a map"
        }
    }
}

/// Reads one YAML text, within limits.
enum FluxYAML {
    static let bytesMax = 1 << 20
    /// Values after aliases are expanded: ten aliases of ten aliases of ten … are refused, not written out.
    static let nodesMax = 100_000
    static let depthMax = 32

    /// Nil: the text holds nothing.
    static func parse(_ text: String, file: String) throws(FluxFaults) -> FluxNode? {
        guard text.utf8.count <= bytesMax else {
            throw FluxFaults([FluxFault(FluxPlace(file, 1), "", "the file is longer than \(bytesMax) bytes")])
        }
        if let line = AliasGuard.refusedLine(text) {
            let what = "an alias or a collection as a key, in a file with aliases; write the key as plain text"
            throw FluxFaults([FluxFault(FluxPlace(file, line), "", what)])
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, .basic)
        } catch {
            let line = YAMLError.line(of: error)?.line ?? 1
            throw FluxFaults([FluxFault(FluxPlace(file, max(1, line)), "", YAMLError.problem(error))])
        }
        guard let root else { return nil }
        var conversion = NodeConversion(file: file)
        let node = try conversion.node(root, depth: 0, line: 1)
        return node.isNull ? nil : node
    }
}
