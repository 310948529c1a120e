/// A place for a worker: a port of a supervisor. Written `node-port` in paths.
package struct WorkerSlot: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The supervisor's id.
    package let node: String
    package let port: Int

    package init(node: String, port: Int) {
        self.node = node
        self.port = port
    }

    /// - Parameter pathName: `node-port`; the node may contain dashes. Nil when it is not of that form.
    package init?(pathName: String) {
        guard let dash = pathName.lastIndex(of: "-"), dash != pathName.startIndex,
            let port = Int(pathName[pathName.index(after: dash)...]), port > 0
        else { return nil }
        self.init(node: String(pathName[..<dash]), port: port)
    }

    package static func < (a: WorkerSlot, b: WorkerSlot) -> Bool {
        a.node == b.node ? a.port < b.port : a.node < b.node
    }

    package var description: String { "\(node)-\(port)" }
}
