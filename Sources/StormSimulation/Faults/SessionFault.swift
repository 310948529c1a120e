/// The store ends a session although its client is there.
enum SessionFault: StrikingFault {
    static let name = "session"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        let ensemble = cluster.ensemble
        guard let session = cluster.world.pick(ensemble.state.it.sessions.keys.sorted()) else { return false }
        ensemble.expire(session, "fault")
        return true
    }
}
