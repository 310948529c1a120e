/// The store loses all it knows: its data directories are deleted, or somebody deletes every znode. At most once in a run,
/// and seldom.
enum WipeFault: StrikingFault {
    static let name = "wipe"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        guard cluster.state.it.wipe == nil, cluster.world.oneIn(4) else { return false }
        wipe(cluster, keepsSessions: cluster.world.oneIn(2))
        return true
    }

    static func wipe(_ cluster: SimulatedCluster, keepsSessions: Bool) {
        cluster.state.it.wipe = Wipe(cluster.ensemble.state.it.tree, present: CleanEnd.present(cluster))
        cluster.ensemble.wipe(keepsSessions: keepsSessions)
    }
}
