package import StormCluster
package import StormCore

/// The topology's numbers as nimbus stored them, checked against the topology that this process built. Pure.
package enum WorkerPlan {
    /// - Throws: `WorkerError` `differentTopology` that says where the two differ.
    package static func make(
        _ built: TopologyDescription, submitted: TopologyDescription?, base: StormBaseRecord
    ) throws -> TopologyPlan {
        if let submitted, let difference = difference(built, submitted) {
            throw WorkerError(
                .differentTopology,
                "the topology built from the stored arguments is not the one that was submitted: \(difference); "
                    + "build must depend on nothing but its arguments and configuration")
        }
        let ackers = base.componentTasks[TopologyPlan.ackerComponent] ?? 0
        let capped = TopologyDescription(
            components: built.components.map { component in
                var copy = component
                // Nimbus fixed the number of tasks when the topology was submitted.
                copy.tasks = base.componentTasks[component.id] ?? component.tasks
                return copy
            })
        return try TopologyPlan(capped, ackers: ackers, executors: base.componentExecutors)
    }

    /// The first difference, in words; nil when they are the same. Order of inputs does not count.
    static func difference(_ a: TopologyDescription, _ b: TopologyDescription) -> String? {
        let names = Set(a.components.map(\.id)).symmetricDifference(b.components.map(\.id))
        if let name = names.min() { return "component '\(name)' is in only one of them" }
        for (mine, theirs) in zip(a.components, b.components) {
            var (x, y) = (mine, theirs)
            x.inputs.sort { $0.source < $1.source }
            y.inputs.sort { $0.source < $1.source }
            if x.kind != y.kind { return "component '\(x.id)' is a \(x.kind) here and a \(y.kind) there" }
            if x.streams != y.streams { return "component '\(x.id)' has other output streams" }
            if x.inputs != y.inputs { return "component '\(x.id)' has other inputs" }
            if x.taskCount != y.taskCount { return "component '\(x.id)' has \(x.taskCount) tasks, not \(y.taskCount)" }
        }
        return nil
    }
}
