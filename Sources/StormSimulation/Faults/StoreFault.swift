/// The whole ensemble is away for a while.
enum StoreFault: StrikingFault {
    static let name = "store"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        let (world, ensemble) = (cluster.world, cluster.ensemble)
        guard !ensemble.state.it.isDown else { return false }
        world.note("the store is away")
        ensemble.state.it.isDown = true
        world.after(world.time(milliseconds: 500...30_000)) {
            world.note("the store is back")
            ensemble.state.it.isDown = false
        }
        return true
    }
}
