/// A machine loses its way to the store, to another machine or to all, in one direction or both.
enum PartitionFault: StrikingFault {
    static let name = "partition"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        let world = cluster.world
        let machine = world.random(0..<cluster.plan.machines)
        let machines = (0..<cluster.plan.machines).filter { $0 != machine }
        var others: [Int]
        switch world.random(0..<4) {
        case 0: others = [Connectivity.store]
        case 1: others = world.pick(machines).map { [$0] } ?? [Connectivity.store]
        case 2: others = machines
        default: others = machines + [Connectivity.store]
        }
        if others.isEmpty { others = [Connectivity.store] }
        let kind = world.random(0..<3)
        let ways = others.flatMap { other -> [Connectivity.Way] in
            let out = Connectivity.Way(from: machine, to: other)
            let back = Connectivity.Way(from: other, to: machine)
            return kind == 0 ? [out] : kind == 1 ? [back] : [out, back]
        }
        world.note("partition: \(ways.map { "\($0.from)>\($0.to)" }.joined(separator: " "))")
        cluster.ensemble.state.it.connectivity.block(ways)
        cluster.wires.state.it.connectivity.block(ways)
        world.after(world.time(milliseconds: 200...20_000)) {
            world.note("partition healed")
            cluster.ensemble.state.it.connectivity.unblock(ways)
            cluster.wires.state.it.connectivity.unblock(ways)
        }
        return true
    }
}
