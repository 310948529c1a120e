/// The wall clock of a machine jumps, forth or back.
enum ClockFault: StrikingFault {
    static let name = "clock"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        let world = cluster.world
        let machine = world.random(0..<cluster.plan.machines)
        let error = world.time(milliseconds: -60_000...60_000)
        world.note("the clock of machine \(machine) is off by \(error / 1_000_000) ms")
        world.state.it.clockErrors[machine] = error
        return true
    }
}
