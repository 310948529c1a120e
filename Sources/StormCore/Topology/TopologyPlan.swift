/// A topology with its numbers: which task ids belong to which component, and how they are cut into executors.
///
/// Pure and deterministic: every process that has the description and the same counts computes the same plan, so task
/// ids need not be stored anywhere. Numbering follows Storm: components of the system topology (the ackers included)
/// in byte order of their ids get consecutive task ids from 1.
public struct TopologyPlan: Hashable, Sendable {
    /// In task order.
    public let components: [PlannedComponent]
    /// Every stream of every component, sorted; a stream's position is its number on the wire. Position 0 is the tick
    /// stream of the worker.
    public let streams: [GlobalStreamID]

    /// The component that tracks tuple trees, as in Storm.
    public static let ackerComponent = "__acker"
    /// The pseudo component that tick tuples come from.
    public static let systemComponent = "__system"
    public static let tickStreamNumber = 0

    /// - Parameters:
    ///   - ackers: tasks of `__acker`, one executor each; 0 turns tracking off.
    ///   - executors: executors by component, where they differ from the declared parallelism (a rebalance).
    ///   - maxTaskParallelism: `topology.max.task.parallelism`, the cap on a component's tasks.
    /// - Throws: `InvalidTopologyError` when the description is faulty or there are more than 32767 tasks.
    public init(
        _ description: TopologyDescription, ackers: Int, executors: [String: Int] = [:], maxTaskParallelism: Int? = nil
    ) throws {
        try description.validate()
        var planned = description.components.map { component in
            let cap = component.configuration["topology.max.task.parallelism"]?.intValue ?? maxTaskParallelism
            let tasks = min(component.taskCount, cap ?? Int.max)
            return (
                component.id, PlannedComponent.Role(component.kind), max(1, tasks),
                executors[component.id] ?? component.parallelism
            )
        }
        if ackers > 0 {
            planned.append((Self.ackerComponent, .acker, ackers, executors[Self.ackerComponent] ?? ackers))
        }
        planned.sort { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        let total = planned.reduce(0) { $0 + $1.2 }
        guard total <= Int(TaskID.max.rawValue) else {
            throw InvalidTopologyError([TopologyFault("it has \(total) tasks; at most \(TaskID.max) are possible")])
        }
        var next = 1
        components = planned.map { id, role, tasks, executors in
            defer { next += tasks }
            let executorCount = max(1, min(executors, tasks))
            return PlannedComponent(id: id, role: role, firstTask: next, taskCount: tasks, executorCount: executorCount)
        }
        streams =
            [GlobalStreamID(Self.systemComponent, .tick)]
            + description.components.flatMap { c in c.streams.map { GlobalStreamID(c.id, $0.id) } }.sorted()
        guard streams.count <= Int(UInt16.max) else {
            throw InvalidTopologyError([TopologyFault("it has \(streams.count) streams; at most 65535 are possible")])
        }
    }

    public var taskCount: Int { components.reduce(0) { $0 + $1.tasks.count } }
    public var executors: [ExecutorRange] { components.flatMap(\.executors) }

    public subscript(id: String) -> PlannedComponent? { components.first { $0.id == id } }

    /// The component that owns `task`, or nil for a number outside the plan. O(log n).
    public func component(of task: TaskID) -> PlannedComponent? {
        var low = 0
        var high = components.count
        while low < high {
            let middle = (low + high) / 2
            if components[middle].tasks.last! < task { low = middle + 1 } else { high = middle }
        }
        guard low < components.count, components[low].tasks.first! <= task else { return nil }
        return components[low]
    }

    public func streamNumber(_ stream: GlobalStreamID) -> Int? { streams.firstIndex(of: stream) }
}

/// A component with its task ids and executors.
public struct PlannedComponent: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable {
        case spout, bolt, acker

        init(_ kind: ComponentKind) { self = kind == .spout ? .spout : .bolt }
    }

    public let id: String
    public let role: Role
    /// Ascending; never empty.
    public let tasks: [TaskID]
    /// In task order; sizes differ by at most one, the bigger ones first (Storm's `partitionFixed`).
    public let executors: [ExecutorRange]

    init(id: String, role: Role, firstTask: Int, taskCount: Int, executorCount: Int) {
        self.id = id
        self.role = role
        tasks = (firstTask..<(firstTask + taskCount)).map { TaskID($0) }
        let (size, bigger) = taskCount.quotientAndRemainder(dividingBy: executorCount)
        var start = firstTask
        executors = (0..<executorCount).map { index in
            let count = index < bigger ? size + 1 : size
            defer { start += count }
            return ExecutorRange(TaskID(start), TaskID(start + count - 1))
        }
    }
}

extension ConfigValue {
    /// The value as a whole number, when it is one.
    public var intValue: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }
}
