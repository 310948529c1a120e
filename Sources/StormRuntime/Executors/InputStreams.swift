import StormCore
import StormWire

/// Which streams a bolt's tasks are sent, by their numbers: so that counting what was executed of each costs nothing per tuple
/// where a source has one of them.
struct InputStreams {
    /// The one stream that comes from a task; -1: there are several, or none.
    private var sole: [Int32]
    /// All that are subscribed to, with their numbers.
    let all: [(id: GlobalStreamID, number: Int)]

    init(of component: ComponentDescription?, plan: TopologyPlan) {
        let ids = Set(component?.inputs.map(\.source) ?? [])
        all = ids.compactMap { id in plan.streamNumber(id).map { (id, $0) } }
        sole = [Int32](repeating: -1, count: plan.taskCount + 1)
        for (source, streams) in Dictionary(grouping: all, by: \.id.component) where streams.count == 1 {
            for task in plan[source]?.tasks ?? [] { sole[Int(task.rawValue)] = Int32(streams[0].number) }
        }
    }

    /// Adds a batch's tuples to the counts of their streams. O(1), of a source with several streams O(tuples).
    /// - Parameter counts: by stream number.
    func count(_ batch: Batch, in counts: inout [Int]) {
        let source = Int(batch.sourceTask)
        if sole.indices.contains(source), sole[source] >= 0 {
            counts[Int(sole[source])] += batch.count
            return
        }
        var record = UnsafeRawPointer(batch.payload)
        let end = UnsafeRawPointer(batch.end)
        while record < end {
            counts[Int(record.u16(4))] += 1
            record += Int(record.u32(0))
        }
    }
}
