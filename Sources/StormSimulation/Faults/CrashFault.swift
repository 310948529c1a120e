/// `kill -9` of a process, at whatever step it is.
enum CrashFault: StrikingFault {
    static let name = "crash"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        guard let victim = cluster.world.pick(cluster.processes) else { return false }
        cluster.world.end(victim, code: nil)
        return true
    }
}
