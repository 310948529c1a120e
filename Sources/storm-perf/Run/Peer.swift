/// What Apache Storm 2.x did in the same shape on a machine of this class (two cores, JDK 17; built from source, median of
/// quiet runs): tuples per CPU second of the whole process tree, the better of its default and its tuned settings.
struct Peer: Sendable {
    let shape: Shape
    let acking: Bool
    let stormTuplesPerCPUSecond: Double
    /// What we want to be better by.
    let goal: Double

    static let all = [
        Peer(shape: .constSpoutOnly, acking: false, stormTuplesPerCPUSecond: 16.7e6, goal: 4),
        Peer(shape: .constSpoutNullBolt, acking: false, stormTuplesPerCPUSecond: 7.5e6, goal: 6),
        Peer(shape: .constSpoutNullBolt, acking: true, stormTuplesPerCPUSecond: 0.73e6, goal: 10),
        Peer(shape: .constSpoutIDBoltNullBolt, acking: false, stormTuplesPerCPUSecond: 3.2e6, goal: 6),
        Peer(shape: .constSpoutIDBoltNullBolt, acking: true, stormTuplesPerCPUSecond: 0.47e6, goal: 10),
        Peer(shape: .wordCount, acking: false, stormTuplesPerCPUSecond: 2.1e6, goal: 6),
        Peer(shape: .wordCount, acking: true, stormTuplesPerCPUSecond: 0.65e6, goal: 10),
        Peer(shape: .crossWorker, acking: false, stormTuplesPerCPUSecond: 1.3e6, goal: 10),
        Peer(shape: .crossWorker, acking: true, stormTuplesPerCPUSecond: 0.56e6, goal: 10),
    ]
}
