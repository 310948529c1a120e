/// The network between the workers is slow for a while: what goes over different connections arrives in any order.
enum DelayFault: StrikingFault {
    static let name = "delay"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        let (world, wires) = (cluster.world, cluster.wires)
        let before = wires.state.it.delayMax
        wires.state.it.delayMax = world.time(milliseconds: 10...800)
        world.note("frames take up to \(wires.state.it.delayMax / 1_000_000) ms")
        world.after(world.time(milliseconds: 500...10_000)) { wires.state.it.delayMax = min(before, 3_000_000) }
        return true
    }
}
