/// A subtree at one moment.
package struct SubtreeSnapshot: Hashable, Sendable {
    package let root: String
    /// By absolute path, the root included; empty when the root does not exist.
    package let nodes: [String: VersionedData]

    package init(root: String, nodes: [String: VersionedData]) {
        self.root = root
        self.nodes = nodes
    }

    package subscript(path: String) -> VersionedData? { nodes[path] }

    /// Names of the direct children of `path`, sorted. O(number of nodes).
    package func children(of path: String) -> [String] {
        nodes.keys.filter { $0 != path && NodePath.parent(of: $0) == path }.map(NodePath.name(of:)).sorted()
    }
}
