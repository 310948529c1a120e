/// The leader dies in the middle of the next thing that the user asks for: a submit, a rebalance, a kill.
enum LeaderFault: StrikingFault {
    static let name = "leader"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        guard !cluster.state.it.killsLeaderInNextCall else { return false }
        cluster.state.it.killsLeaderInNextCall = true
        return true
    }

    /// The user asks for something now.
    static func userActs(_ cluster: SimulatedCluster) {
        guard cluster.state.it.killsLeaderInNextCall else { return }
        cluster.state.it.killsLeaderInNextCall = false
        let world = cluster.world
        world.after(world.random(0...60_000_000)) {
            guard let leader = cluster.actingNimbuses.first else { return }
            world.note("the leader dies in the middle of a call")
            world.end(leader.life.process, code: nil)
        }
    }
}
