package import StormCore
import StormWire

extension Emitter {
    /// Resolves who gets the tuples of each stream.
    ///
    /// - Parameters:
    ///   - isLoadAware: whether a turn passes over loaded targets.
    ///   - outbox: the outbox number that leads to a task.
    ///   - isLocal: whether a task runs in this worker.
    ///   - custom: makes a custom grouping of a subscribing component's input.
    /// Called before the component is opened, since it may emit then, and whenever tasks move; never while the executor runs.
    package func resolveRoutes(
        _ topology: TopologyDescription, isLoadAware: Bool = true, outbox: (TaskID) -> Int32,
        isLocal: (TaskID) -> Bool,
        custom: (_ component: String, _ input: InputDescription) -> (any CustomGrouping)?
    ) {
        waits.forgetGroups()
        for (index, stream) in streams.enumerated() {
            let source = GlobalStreamID(component, stream.id)
            subscriptions[index] = topology.components.flatMap { subscriber in
                subscriber.inputs.filter { $0.source == source }.map { input in
                    subscription(input, of: subscriber.id, stream, outbox: outbox, isLocal: isLocal, custom: custom)
                }
            }
            state.pointee.routes[index].setGroups(
                subscriptions[index].map {
                    TargetGroup(
                        $0, outboxes: state.pointee.outboxes, start: state.pointee.random.next(),
                        isLoadAware: isLoadAware)
                })
            resolveRoute(index)
        }
    }

    private func subscription(
        _ input: InputDescription, of subscriber: String, _ stream: StreamDescription, outbox: (TaskID) -> Int32,
        isLocal: (TaskID) -> Bool, custom: (String, InputDescription) -> (any CustomGrouping)?
    ) -> Subscription {
        let tasks = schema.plan[subscriber]?.tasks ?? []
        let all = tasks.map(outbox)
        let indexes = input.grouping.fields.compactMap { stream.fields.firstIndex(of: $0) }
        let mode: Subscription.Mode
        switch input.grouping {
        case .shuffle, .none: mode = .turn(all)
        case .localOrShuffle:
            let local = tasks.filter(isLocal)
            mode = .turn(local.isEmpty ? all : local.map(outbox))
        case .global: mode = .turn(Array(all.prefix(1)))
        case .all: mode = .all
        case .fields: mode = tasks.count == 1 ? .turn(all) : .fields(indexes)
        case .partialKey: mode = tasks.count == 1 ? .turn(all) : .partialKey(indexes)
        case .direct: mode = .direct
        case .custom(let name):
            guard let grouping = custom(subscriber, input) else {
                preconditionFailure("custom grouping '\(name)' of component '\(subscriber)' has no code")
            }
            grouping.prepare(source: task, stream: input.source, targets: tasks)
            mode = .custom(grouping)
        }
        return Subscription(mode: mode, targets: all, tasks: tasks)
    }

    /// Has the hooks that a component registered while it was opened see every emit from here on.
    package func setHooks(_ hooks: [any TaskHook]) {
        self.hooks = hooks
        if !hooks.isEmpty { for index in streams.indices { resolveRoute(index) } }
    }

    /// Chooses the fastest way that does what the stream's groups want.
    func resolveRoute(_ index: Int) {
        let route = state.pointee.routes + index
        let keeps = keepsMessages && route.pointee.groupCount > 0
        guard hooks.isEmpty, !keeps, route.pointee.groupCount < 2 else {
            route.pointee.kind = .general
            return
        }
        guard route.pointee.groupCount == 1 else {
            route.pointee.kind = .none
            return
        }
        let group = route.pointee.groups
        route.pointee.box = group.pointee.targets[group.pointee.next]
        switch group.pointee.mode {
        case .turn: route.pointee.kind = group.pointee.targetCount == 1 ? .one : .turn
        case .fields: route.pointee.kind = .fields
        case .partialKey: route.pointee.kind = .partialKey
        case .all: route.pointee.kind = group.pointee.targetCount == 1 ? .one : .general
        case .direct, .custom: route.pointee.kind = .general
        }
    }
}
