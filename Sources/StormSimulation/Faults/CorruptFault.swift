/// The next piece of a connection between two workers gets a wrong bit.
enum CorruptFault: StrikingFault {
    static let name = "corrupt"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        guard !cluster.wires.openConnections.isEmpty else { return false }
        cluster.wires.state.it.corruptNext += 1
        return true
    }
}
