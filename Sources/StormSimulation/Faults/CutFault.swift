/// A connection between two workers breaks; what is under way is lost from somewhere on.
enum CutFault: StrikingFault {
    static let name = "cut"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        guard let connection = cluster.world.pick(cluster.wires.openConnections) else { return false }
        cluster.wires.cut(connection, "fault")
        return true
    }
}
