/// A process stands still, for longer than any timeout at times; then it goes on as if nothing had been.
enum PauseFault: StrikingFault {
    static let name = "pause"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        let world = cluster.world
        guard let victim = world.pick(cluster.processes.filter(\.isRunning)) else { return false }
        let time = world.time(milliseconds: world.oneIn(2) ? 10...2000 : 2000...25_000)
        world.note("\(victim.name) is paused for \(time / 1_000_000) ms")
        victim.state.it.isPaused = true
        world.after(time) {
            world.note("\(victim.name) goes on")
            victim.state.it.isPaused = false
        }
        return true
    }
}
