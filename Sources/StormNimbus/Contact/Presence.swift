import StormCluster

/// This nimbus' node under `/nimbuses`, by which others know that it is up.
actor Presence {
    private let state: ClusterState
    private let identity: String
    private let data: [UInt8]
    private var registration: (any EphemeralRegistration)?

    init(state: ClusterState, identity: String, record: NimbusRecord) throws {
        self.state = state
        self.identity = identity
        data = try RecordCodec.encode(record)
    }

    /// Makes the node, also where somebody has deleted it.
    func register() async throws {
        await close()
        registration = try await state.store.registerEphemeral(ClusterPaths.nimbus(identity), data)
    }

    func close() async {
        let old = registration
        registration = nil
        await old?.close()
    }
}
