/// The tree of the in-memory store: ZooKeeper's rules as values in, values out.
package struct InMemoryTree: Sendable {
    package struct Node: Sendable {
        package var data: [UInt8]
        package var version: Int32 = 0
        package var owner: Int64 = 0
        package var createdTransaction: Int64
        package var children: Set<String> = []
        /// Children ever created: the next sequential child's counter (sequential or not, as in ZooKeeper).
        var childrenCreated: Int64 = 0

        package var versioned: VersionedData {
            VersionedData(
                bytes: data, version: version, createdTransaction: createdTransaction, ephemeralOwner: owner)
        }
    }

    package private(set) var nodes: [String: Node] = ["/": Node(data: [], createdTransaction: 0)]
    package private(set) var transaction: Int64 = 0

    package init() {}

    /// Applies all operations or none.
    /// - Returns: one result per operation and the paths that changed.
    package mutating func apply(
        _ operations: [CoordinationOperation], session: Int64
    ) throws -> (results: [CoordinationResult], changed: Set<String>) {
        var changed: Set<String> = []
        // A single operation fails before it changes anything, and checks change nothing: no copy is needed then.
        if operations.dropLast().allSatisfy(\.isCheck) {
            transaction += 1
            do {
                return (try operations.map { try apply($0, session: session, changed: &changed) }, changed)
            } catch {
                transaction -= 1
                throw error
            }
        }
        var trial = self
        trial.transaction += 1
        let results = try operations.map { try trial.apply($0, session: session, changed: &changed) }
        self = trial
        return (results, changed)
    }

    /// Removes what a dead session owned.
    /// - Returns: the paths that changed.
    package mutating func removeEphemerals(of session: Int64) -> Set<String> {
        let owned = nodes.filter { $0.value.owner == session && session != 0 }.map(\.key)
        if !owned.isEmpty { transaction += 1 }
        for path in owned { remove(path) }
        return Set(owned)
    }

    /// `root` and `depth` levels below it.
    package func snapshot(of root: String, depth: Int) -> SubtreeSnapshot {
        var found: [String: VersionedData] = [:]
        var level = [root]
        for _ in 0...depth {
            var next: [String] = []
            for path in level {
                guard let node = nodes[path] else { continue }
                found[path] = node.versioned
                next += node.children.map { NodePath.join(path, $0) }
            }
            level = next
        }
        return SubtreeSnapshot(root: root, nodes: found)
    }

    private mutating func apply(
        _ operation: CoordinationOperation, session: Int64, changed: inout Set<String>
    ) throws -> CoordinationResult {
        try NodePath.validate(operation.path)
        switch operation {
        case .create(let path, let data, let mode):
            let actual = try create(path, data, mode, session)
            changed.insert(actual)
            return .created(actual)
        case .set(let path, let data, let expected):
            try checkSize(path, data)
            try check(path, expected)
            nodes[path]!.data = data
            nodes[path]!.version &+= 1
            changed.insert(path)
            return .set(nodes[path]!.version)
        case .delete(let path, let expected):
            try check(path, expected)
            guard path != "/" else { throw CoordinationError(.badArguments, path, detail: "the root stays") }
            guard nodes[path]!.children.isEmpty else { throw CoordinationError(.notEmpty, path) }
            remove(path)
            changed.insert(path)
            return .deleted
        case .check(let path, let expected):
            try check(path, expected)
            return .checked
        }
    }

    private func check(_ path: String, _ expected: Int32?) throws {
        guard let node = nodes[path] else { throw CoordinationError(.noNode, path) }
        if let expected, expected != node.version {
            throw CoordinationError(.badVersion, path, detail: "expected \(expected), found \(node.version)")
        }
    }

    private func checkSize(_ path: String, _ data: [UInt8]) throws {
        let size = data.count + path.utf8.count
        guard size < CoordinationLimits.dataBytesMax else {
            throw CoordinationError(.tooLarge, path, detail: "\(size) bytes")
        }
    }

    private mutating func create(
        _ path: String, _ data: [UInt8], _ mode: NodeMode, _ session: Int64
    ) throws -> String {
        try checkSize(path, data)
        let parent = NodePath.parent(of: path)
        guard let above = nodes[parent] else {
            throw CoordinationError(.noNode, parent, detail: "no parent for \(path)")
        }
        guard above.owner == 0 else { throw CoordinationError(.noChildrenForEphemerals, parent) }
        var actual = path
        if mode.isSequential {
            let digits = String(above.childrenCreated)
            actual += String(repeating: "0", count: max(0, 10 - digits.count)) + digits
        }
        guard nodes[actual] == nil else { throw CoordinationError(.nodeExists, actual) }
        nodes[actual] = Node(data: data, owner: mode.isEphemeral ? session : 0, createdTransaction: transaction)
        nodes[parent]!.children.insert(NodePath.name(of: actual))
        nodes[parent]!.childrenCreated += 1
        return actual
    }

    private mutating func remove(_ path: String) {
        nodes[path] = nil
        nodes[NodePath.parent(of: path)]?.children.remove(NodePath.name(of: path))
    }
}
