/// The next blob that a supervisor downloads arrives damaged.
enum BlobFault: StrikingFault {
    static let name = "blob"

    static func strike(_ cluster: SimulatedCluster) -> Bool {
        guard !cluster.state.it.spoilNextBlob else { return false }
        cluster.state.it.spoilNextBlob = true
        return true
    }
}
