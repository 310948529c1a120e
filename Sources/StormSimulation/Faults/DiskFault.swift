/// The disk of a machine is full for a while: no file can be flushed.
enum DiskFault: StrikingFault {
    static let name = "disk"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        let world = cluster.world
        let machine = world.random(0..<cluster.plan.machines)
        guard world.state.it.fullDisks.insert(machine).inserted else { return false }
        world.note("the disk of machine \(machine) is full")
        world.after(world.time(milliseconds: 200...10_000)) {
            world.note("the disk of machine \(machine) has room")
            world.state.it.fullDisks.remove(machine)
        }
        return true
    }
}
