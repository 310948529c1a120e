/// Where a worker takes batches: a slot of a node, and the host by which others reach it.
public struct WorkerAddress: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Id of the supervisor that owns the slot.
    public let node: String
    /// Name or address of the machine.
    public let host: String
    /// The slot's port, 1...65535.
    public let port: Int

    public init(node: String, host: String, port: Int) {
        self.node = node
        self.host = host
        self.port = port
    }

    public static func < (a: WorkerAddress, b: WorkerAddress) -> Bool {
        (a.node, a.port, a.host) < (b.node, b.port, b.host)
    }

    /// Whether both name the same slot, however its machine is called.
    func isSameSlot(as other: WorkerAddress) -> Bool { node == other.node && port == other.port }

    public var description: String { "\(node):\(port) at \(host)" }
}
