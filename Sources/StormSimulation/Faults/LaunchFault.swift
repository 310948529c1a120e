/// The system refuses to start the next workers.
enum LaunchFault: StrikingFault {
    static let name = "launch"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        guard cluster.state.it.failLaunches == 0 else { return false }
        cluster.state.it.failLaunches = cluster.world.random(1..<4)
        return true
    }
}
