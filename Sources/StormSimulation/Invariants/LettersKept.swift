import StormCluster
import StormTopology

/// Of every message that a spout was told is a dead letter, the letter is in the store.
enum LettersKept {
    /// - Returns: ids of messages without their letter, ascending. Pure.
    static func missing(_ ids: Set<Int>, topology name: String, _ tree: InMemoryTree) -> [Int] {
        var found: Set<String> = []
        for topology in tree.nodes[ClusterPaths.deadLetters]?.children ?? [] where topology.hasPrefix("\(name)-") {
            let parent = NodePath.join(ClusterPaths.deadLetters, topology)
            for letter in tree.nodes[parent]?.children ?? [] {
                let path = NodePath.join(parent, letter)
                guard let node = tree.nodes[path],
                    // A letter that cannot be read is as good as none.
                    let record = try? RecordCodec.decode(DeadLetterRecord.self, node.data, path: path)
                else { continue }
                found.insert(record.messageID)
            }
        }
        return ids.filter { !found.contains("\(MessageID.int($0))") }.sorted()
    }

    /// When all messages have come to their end. A store that was wiped has forgotten the letters, too.
    static func check(_ cluster: SimulatedCluster) {
        guard cluster.state.it.wipe == nil else { return }
        for topology in cluster.state.it.topologies {
            let missing = missing(
                topology.book.state.it.deadLettered, topology: topology.name, cluster.ensemble.state.it.tree)
            guard let first = missing.first else { continue }
            cluster.world.fail(
                Violation(
                    MessageBook.law, "\(topology.name): message \(first) is a dead letter, but the letter is not kept"))
        }
    }
}
