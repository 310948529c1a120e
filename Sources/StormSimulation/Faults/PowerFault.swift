/// A machine loses its power, and with it all processes; its disk stays.
enum PowerFault: StrikingFault {
    static let name = "power"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        let world = cluster.world
        let machine = world.random(0..<cluster.plan.machines)
        guard !cluster.state.it.deadMachines.contains(machine) else { return false }
        cluster.powerOff(machine, forNanoseconds: world.time(milliseconds: 500...20_000))
        return true
    }
}
