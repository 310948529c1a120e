package import StormCluster
package import StormCore

/// The executors of a topology from its counts alone, numbered as `TopologyPlan` numbers them, so that scheduling needs
/// no topology blob.
package enum ExecutorLayout {
    /// One component with its executors in task order.
    package struct Component: Hashable, Sendable {
        package let id: String
        package let executors: [ExecutorRange]
    }

    /// In task order.
    package static func components(of base: StormBaseRecord) -> [Component] {
        var next = 1
        return base.componentTasks.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { id, tasks in
            let count = max(1, min(base.componentExecutors[id] ?? tasks, tasks))
            let (size, bigger) = max(1, tasks).quotientAndRemainder(dividingBy: count)
            let executors = (0..<count).map { index in
                let taskCount = index < bigger ? size + 1 : size
                defer { next += taskCount }
                return ExecutorRange(TaskID(next), TaskID(next + taskCount - 1))
            }
            return Component(id: id, executors: executors)
        }
    }

    package static func executors(of base: StormBaseRecord) -> [ExecutorRange] {
        components(of: base).flatMap(\.executors)
    }
}
