public import StormCore

/// Names for numbers: what a tuple's stream number and source task mean. One per topology in a process, immutable.
public final class Schema: Sendable {
    public struct Stream: Sendable {
        public let id: GlobalStreamID
        public let fields: [String]
    }

    public let plan: TopologyPlan
    /// By stream number.
    public let streams: [Stream]
    /// By task number; index 0 is the system.
    private let componentByTask: [String]
    /// By stream number.
    private let fieldCounts: [Int]

    public init(_ description: TopologyDescription, plan: TopologyPlan) {
        self.plan = plan
        streams = plan.streams.map { id in
            Stream(id: id, fields: description[id.component]?.stream(id.stream)?.fields ?? ["rate_secs"])
        }
        fieldCounts = streams.map(\.fields.count)
        componentByTask = [TopologyPlan.systemComponent] + plan.components.flatMap { c in c.tasks.map { _ in c.id } }
    }

    /// Nil for a stream that is not in the topology.
    func fieldCount(ofStream stream: Int) -> Int? { stream < fieldCounts.count ? fieldCounts[stream] : nil }

    public func component(ofTask task: Int32) -> String {
        task > 0 && Int(task) < componentByTask.count ? componentByTask[Int(task)] : TopologyPlan.systemComponent
    }
}
