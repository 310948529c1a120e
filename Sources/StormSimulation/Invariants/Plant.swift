import StormCluster

/// Bugs that are planted on purpose, to see that a whole run notices them.
package enum Plant: String, CaseIterable, Sendable {
    /// A nimbus that does not lead writes what only leaders write.
    case twoLeaders = "two-leaders"
    /// A message counts as acked although it never reached the sink.
    case lostMessage = "lost-message"
    /// A blob that no topology refers to stays.
    case orphan

    func install(_ cluster: SimulatedCluster) {
        let world = cluster.world
        switch self {
        case .twoLeaders:
            let process = world.makeProcess("nimbus-planted", machine: World.outside)
            let store = cluster.ensemble.connect(process, sessionTimeoutMilliseconds: 60_000)
            world.after(5_000_000_000, in: process) {
                let path = ClusterPaths.assignment("planted")
                store.ask(.write([.create(path: path, data: [], mode: .persistent)])) { _ in }
            }
        case .lostMessage:
            world.after(1_000_000) {
                guard let book = cluster.state.it.topologies.first?.book else { return }
                book.acked(book.count - 1)
            }
        case .orphan:
            let process = world.makeProcess("stranger", machine: World.outside)
            let store = cluster.ensemble.connect(process, sessionTimeoutMilliseconds: 60_000)
            world.after(2_000_000_000, in: process) {
                let record = BlobRecord(
                    key: "stray", sha256: String(repeating: "0", count: 64), sizeBytes: 1, createdAtMilliseconds: 0,
                    owner: "nobody")
                // Records of our own can always be encoded.
                let data = (try? RecordCodec.encode(record)) ?? []
                store.ask(.write([.create(path: ClusterPaths.blob("stray"), data: data, mode: .persistent)])) { _ in }
            }
        }
    }
}
