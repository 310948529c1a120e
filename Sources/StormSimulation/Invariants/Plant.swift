import StormCluster
import StormManifest

/// Bugs that are planted on purpose, to see that a whole run notices them.
package enum Plant: String, CaseIterable, Sendable {
    /// A nimbus that does not lead writes what only leaders write.
    case twoLeaders = "two-leaders"
    /// A message counts as acked although it never reached the sink.
    case lostMessage = "lost-message"
    /// A blob that no topology refers to stays.
    case orphan
    /// A slot is in the assignments of two topologies.
    case doubleSlot = "double-slot"
    /// A message counts as acked twice.
    case doubleAck = "double-ack"
    /// A second worker is started on a port.
    case twoWorkers = "two-workers"
    /// A message is never emitted.
    case stuck
    /// A process is never done, at one and the same time.
    case spin
    /// A worker ends because the store has lost its memory.
    case wipeStops = "wipe-stops"
    /// A message is said to be a dead letter, but there is no letter.
    case lostLetter = "lost-letter"

    /// The rule that it breaks.
    package var rule: String {
        switch self {
        case .twoLeaders: OneLeader.name
        case .lostMessage, .lostLetter: MessageBook.law
        case .orphan: CleanEnd.name
        case .doubleSlot: SlotsHeldOnce.name
        case .doubleAck: Conservation.name
        case .twoWorkers: WorkerLife.onePerPort
        case .stuck: Course.liveness
        case .spin: World.livelock
        case .wipeStops: WipeStopsNothing.name
        }
    }

    func install(_ cluster: SimulatedCluster) {
        let world = cluster.world
        switch self {
        case .twoLeaders: Self.write("nimbus-planted", cluster) { _ in (ClusterPaths.assignment("planted"), []) }
        case .lostMessage:
            world.after(1_000_000) {
                guard let book = cluster.state.it.topologies.first?.book else { return }
                book.acked(book.count - 1)
            }
        case .orphan:
            Self.write("stranger", cluster) { _ in
                let record = BlobRecord(
                    key: "stray", sha256: String(repeating: "0", count: 64), sizeBytes: 1, createdAtMilliseconds: 0,
                    owner: "nobody")
                // Records of our own can always be encoded.
                return (ClusterPaths.blob("stray"), (try? RecordCodec.encode(record)) ?? [])
            }
        case .doubleSlot:
            Self.write("stranger", cluster) { tree in
                let assignments = tree.nodes[ClusterPaths.assignments]?.children ?? []
                guard let name = assignments.min() else { return nil }
                let path = NodePath.join(ClusterPaths.assignments, name)
                return tree.nodes[path].map { (ClusterPaths.assignment("planted"), $0.data) }
            }
        case .doubleAck:
            Self.whenPossible(cluster) {
                guard let reader = cluster.state.it.spouts.values.joined().first else { return false }
                reader.counts.it.acked += 1
                return true
            }
        case .twoWorkers:
            Self.whenPossible(cluster) {
                guard let life = cluster.state.it.workers.min(by: { $0.key < $1.key })?.value else { return false }
                // Its manifest was read before.
                return (try? cluster.startWorker(manifest: life.manifestPath, machine: life.machine)) != nil
            }
        case .stuck:
            world.after(0) {
                guard let book = cluster.state.it.topologies.first?.book else { return }
                book.state.it.hidden = book.count - 1
            }
        case .spin: world.after(5_000_000_000) { Self.spin(world) }
        case .wipeStops: Self.whenPossible(cluster) { Self.wipeAndStop(cluster) }
        case .lostLetter:
            world.after(1_000_000) {
                guard let topology = cluster.state.it.topologies.first,
                    let id = (0..<topology.book.count).first(where: { !topology.isPoison($0) })
                else { return }
                topology.book.deadLettered(id)
            }
        }
    }

    /// - Returns: false when no worker runs yet that is wanted.
    private static func wipeAndStop(_ cluster: SimulatedCluster) -> Bool {
        let wipe = Wipe(cluster.ensemble.state.it.tree)
        for life in cluster.state.it.workers.values.sorted(by: { $0.pid < $1.pid }) {
            // Its manifest was read before.
            guard let manifest = try? WorkerManifest.load(life.manifestPath) else { continue }
            let slot = WorkerSlot(node: manifest.supervisorID, port: manifest.port)
            guard wipe.mustGoOn(manifest.topologyID, slot, incarnation: manifest.incarnation) else { continue }
            WipeFault.wipe(cluster, keepsSessions: true)
            cluster.end(life.process, manifest, code: 0)
            return true
        }
        return false
    }

    /// Has a stranger create a node as soon as there is something to be seen in the tree.
    private static func write(
        _ name: String, _ cluster: SimulatedCluster,
        _ make: @escaping @Sendable (InMemoryTree) -> (path: String, data: [UInt8])?
    ) {
        let process = cluster.world.makeProcess(name, machine: World.outside)
        let store = cluster.ensemble.connect(process, sessionTimeoutMilliseconds: 600_000)
        cluster.world.after(3_000_000_000) {
            whenPossible(cluster) {
                guard let node = make(cluster.ensemble.state.it.tree) else { return false }
                store.ask(.write([.create(path: node.path, data: node.data, mode: .persistent)])) { _ in }
                return true
            }
        }
    }

    /// Does something as soon as it can be done; looks ten times in a second.
    private static func whenPossible(_ cluster: SimulatedCluster, _ body: @escaping @Sendable () -> Bool) {
        cluster.world.after(100_000_000) { if !body() { whenPossible(cluster, body) } }
    }

    private static func spin(_ world: World) { world.after(0) { spin(world) } }
}
