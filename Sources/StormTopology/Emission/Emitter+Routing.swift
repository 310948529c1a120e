public import StormCore
import StormWire

extension Emitter {
    /// Resolves who gets the tuples of each stream.
    ///
    /// - Parameters:
    ///   - outbox: the outbox number that leads to a task.
    ///   - isLocal: whether a task runs in this worker.
    ///   - custom: makes a custom grouping of a subscribing component's input.
    /// Called before the component is opened, since it may emit then, and whenever tasks move; never while the executor runs.
    package func resolveRoutes(
        _ topology: TopologyDescription, outbox: (TaskID) -> Int32, isLocal: (TaskID) -> Bool,
        custom: (_ component: String, _ input: InputDescription) -> (any CustomGrouping)?
    ) {
        for (index, stream) in streams.enumerated() {
            let source = GlobalStreamID(component, stream.id)
            subscriptions[index] = topology.components.flatMap { subscriber in
                subscriber.inputs.filter { $0.source == source }.map { input in
                    subscription(input, of: subscriber.id, stream, outbox: outbox, isLocal: isLocal, custom: custom)
                }
            }
            resolveRoute(index)
        }
    }

    private func subscription(
        _ input: InputDescription, of subscriber: String, _ stream: StreamDescription, outbox: (TaskID) -> Int32,
        isLocal: (TaskID) -> Bool, custom: (String, InputDescription) -> (any CustomGrouping)?
    ) -> Subscription {
        let tasks = schema.plan[subscriber]?.tasks ?? []
        let local = tasks.filter(isLocal)
        let indexes = input.grouping.fields.compactMap { stream.fields.firstIndex(of: $0) }
        var candidates = tasks
        let mode: Subscription.Mode
        switch input.grouping {
        case .shuffle, .none: mode = .turn
        case .localOrShuffle:
            mode = .turn
            if !local.isEmpty { candidates = local }
        case .global:
            mode = .turn
            candidates = Array(tasks.prefix(1))
        case .all: mode = .all
        case .fields: mode = tasks.count == 1 ? .turn : .fields(indexes)
        case .partialKey: mode = tasks.count == 1 ? .turn : .partialKey(indexes)
        case .direct: mode = .direct
        case .custom(let name):
            guard let grouping = custom(subscriber, input) else {
                preconditionFailure("custom grouping '\(name)' of component '\(subscriber)' has no code")
            }
            grouping.prepare(source: task, stream: input.source, targets: tasks)
            mode = .custom(grouping)
        }
        return Subscription(
            mode: mode, targets: tasks.map(outbox), tasks: tasks, candidates: candidates.map(outbox),
            start: Int(truncatingIfNeeded: state.pointee.random.next() >> 33))
    }

    /// Has the hooks that a component registered while it was opened see every emit from here on.
    package func setHooks(_ hooks: [any TaskHook]) {
        self.hooks = hooks
        if !hooks.isEmpty { for index in streams.indices { resolveRoute(index) } }
    }

    private func resolveRoute(_ index: Int) {
        let route = state.pointee.routes + index
        let all = subscriptions[index]
        guard !all.isEmpty || !hooks.isEmpty else {
            route.pointee.kind = .none
            return
        }
        if all.count == 1, hooks.isEmpty, case .turn = all[0].mode {
            route.pointee.kind = .direct
            for (position, target) in all[0].candidates.enumerated() { route.pointee.targets[position] = target }
            route.pointee.targetCount = Int32(all[0].candidates.count)
            route.pointee.next = Int32(Int(state.pointee.random.next() >> 33) % all[0].candidates.count)
        } else {
            route.pointee.kind = .general
        }
    }

    /// Copies the encoded tuple at `p` to all targets of its stream, each copy with its own edges.
    ///
    /// - Parameters:
    ///   - anchors: tuples that this one is anchored to.
    ///   - tracked: whether its one anchor is a new tree of a spout.
    ///   - only: the task that a direct emit names.
    /// - Returns: XOR of the edges of all copies of a tracked tuple.
    @usableFromInline
    package func distribute(
        _ route: UnsafeMutablePointer<StreamRoute>, _ p: UnsafeMutableRawPointer, _ bytes: Int,
        anchors: UnsafeBufferPointer<Tuple>, tracked: Bool, only: TaskID? = nil
    ) -> UInt64 {
        let index = route - state.pointee.routes
        let anchorCount = Int(p.reading.u16(6))
        let fields = UnsafeRawPointer(p) + BatchLayout.tupleHeaderBytes + anchorCount * BatchLayout.anchorBytes
        var reached: [Int32] = []
        var sum: UInt64 = 0
        func copy(to outbox: Int32) {
            let box = state.pointee.outboxes + Int(outbox)
            if box.pointee.limit - box.pointee.cursor < bytes { openBatch(box, bytes) }
            if tracked {
                let edge = state.pointee.newEdge()
                p.put(edge, BatchLayout.tupleHeaderBytes + 8)
                sum ^= edge
            } else if anchorCount > 0 {
                addEdges(p, anchorCount, anchors)
            }
            box.pointee.cursor.copyMemory(from: p, byteCount: bytes)
            box.pointee.cursor += bytes
            box.pointee.count += 1
            if !hooks.isEmpty { reached.append(outbox) }
        }
        for number in subscriptions[index].indices {
            if let only {
                guard case .direct = subscriptions[index][number].mode else {
                    preconditionFailure(
                        "component '\(component)': emitDirect on stream '\(streams[index].id)', which is not declared direct"
                    )
                }
                if let position = subscriptions[index][number].tasks.firstIndex(of: only) {
                    copy(to: subscriptions[index][number].targets[position])
                }
            } else {
                subscriptions[index][number].choose(fields, count: Int(p.reading.u8(8)), copy)
            }
        }
        if !hooks.isEmpty { tellHooks(p, index, fields, reached) }
        return sum
    }

    /// Gives the copy at `p` a new edge per anchor tuple, XORed into the entry of every root of that tuple, and into the
    /// tuple itself: so each root cancels on its own, whatever roots the anchors share.
    private func addEdges(_ p: UnsafeMutableRawPointer, _ count: Int, _ anchors: UnsafeBufferPointer<Tuple>) {
        for position in 0..<count {
            p.put(UInt64(0), BatchLayout.tupleHeaderBytes + position * BatchLayout.anchorBytes + 8)
        }
        for anchor in anchors {
            let edge = state.pointee.newEdge()
            for number in 0..<anchor.anchorCount {
                let entry = anchor.anchor(number)
                entry.put(entry.reading.u64(8) ^ edge, 8)
                let root = entry.reading.u64(0)
                for position in 0..<count {
                    let own = p + BatchLayout.tupleHeaderBytes + position * BatchLayout.anchorBytes
                    if own.reading.u64(0) == root { own.put(own.reading.u64(8) ^ edge, 8) }
                }
            }
        }
    }

    private func tellHooks(_ p: UnsafeMutableRawPointer, _ index: Int, _ fields: UnsafeRawPointer, _ reached: [Int32]) {
        var next = fields
        let values = (0..<Int(p.reading.u8(8))).map { _ in
            defer { next += FieldReader.byteCount(at: next) }
            return Value(at: next)
        }
        let tasks = reached.map { destinations[Int($0)] }
        for hook in hooks { hook.emitted(values, stream: streams[index].id, to: tasks) }
    }
}
