public import StormCore

/// What can be said of any component after it was added. Works on the builder's entry.
public struct ComponentDeclarer {
    let builder: TopologyBuilder
    let index: Int

    @usableFromInline
    package init(_ builder: TopologyBuilder, _ index: Int) {
        self.builder = builder
        self.index = index
    }

    func change(_ body: (inout ComponentDescription) -> Void) { body(&builder.components[index]) }
}

public struct SpoutDeclarer {
    let declarer: ComponentDeclarer

    @usableFromInline
    package init(_ declarer: ComponentDeclarer) { self.declarer = declarer }

    /// Number of tasks, fixed for the topology's life; by default as many as executors.
    @discardableResult
    public func tasks(_ count: Int) -> SpoutDeclarer {
        declarer.change { $0.tasks = count }
        return self
    }

    /// Overrides a topology key for this component, or passes a key of its own.
    @discardableResult
    public func set(_ key: String, _ value: ConfigValue) -> SpoutDeclarer {
        declarer.change { $0.configuration[key] = value }
        return self
    }

    /// `topology.max.spout.pending` for this spout, per task.
    @discardableResult
    public func maxPending(_ count: Int) -> SpoutDeclarer { set("topology.max.spout.pending", .int(count)) }

    /// Has the engine emit failed messages again, after pauses, and put aside as a dead letter what fails each time. The
    /// spout then hears of a message once: `ack`, or `deadLettered`.
    @discardableResult
    public func retry(_ policy: RetryPolicy) -> SpoutDeclarer {
        declarer.change { $0.configuration.merge(policy.configuration) { $1 } }
        return self
    }

    /// Gives each executor of the spout a thread of its own: for sources that block.
    @discardableResult
    public func dedicatedThread() -> SpoutDeclarer { set("topology.component.dedicated.thread", .bool(true)) }
}

public struct BoltDeclarer {
    let declarer: ComponentDeclarer

    @usableFromInline
    package init(_ declarer: ComponentDeclarer) { self.declarer = declarer }

    /// Number of tasks, fixed for the topology's life; by default as many as executors.
    @discardableResult
    public func tasks(_ count: Int) -> BoltDeclarer {
        declarer.change { $0.tasks = count }
        return self
    }

    /// Overrides a topology key for this component, or passes a key of its own.
    @discardableResult
    public func set(_ key: String, _ value: ConfigValue) -> BoltDeclarer {
        declarer.change { $0.configuration[key] = value }
        return self
    }

    /// Sends the bolt a tick tuple every so many seconds.
    @discardableResult
    public func tick(everySeconds seconds: Int) -> BoltDeclarer { set("topology.tick.tuple.freq.secs", .int(seconds)) }

    /// Gives each executor of the bolt a thread of its own: for work that blocks. (An `AsyncBolt` needs none.)
    @discardableResult
    public func dedicatedThread() -> BoltDeclarer { set("topology.component.dedicated.thread", .bool(true)) }

    /// Most tuples that one task of an `AsyncBolt` works on at once; 64 unless set.
    @discardableResult
    public func maxInFlight(_ count: Int) -> BoltDeclarer { set("topology.async.bolt.max.in.flight", .int(count)) }

    // MARK: Inputs

    /// Evenly over the tasks, in turn.
    @discardableResult
    public func shuffle(_ component: String, stream: StreamID = .default) -> BoltDeclarer {
        input(component, stream, .shuffle)
    }

    /// As shuffle, but over the tasks in the sender's worker if there are any.
    @discardableResult
    public func localOrShuffle(_ component: String, stream: StreamID = .default) -> BoltDeclarer {
        input(component, stream, .localOrShuffle)
    }

    /// Equal values of the fields go to the same task.
    @discardableResult
    public func fields(_ component: String, stream: StreamID = .default, _ names: String...) -> BoltDeclarer {
        input(component, stream, .fields(names))
    }

    /// Equal values of the fields go to one of two tasks, the one that got less: evens out skewed keys.
    @discardableResult
    public func partialKey(_ component: String, stream: StreamID = .default, _ names: String...) -> BoltDeclarer {
        input(component, stream, .partialKey(names))
    }

    /// A copy to every task.
    @discardableResult
    public func all(_ component: String, stream: StreamID = .default) -> BoltDeclarer {
        input(component, stream, .all)
    }

    /// All tuples to the task with the lowest id.
    @discardableResult
    public func global(_ component: String, stream: StreamID = .default) -> BoltDeclarer {
        input(component, stream, .global)
    }

    /// No preference; today as shuffle.
    @discardableResult
    public func none(_ component: String, stream: StreamID = .default) -> BoltDeclarer {
        input(component, stream, .none)
    }

    /// The sender names the task (`emitDirect`); the stream must be declared direct.
    @discardableResult
    public func direct(_ component: String, stream: StreamID = .default) -> BoltDeclarer {
        input(component, stream, .direct)
    }

    /// User code chooses the tasks.
    @discardableResult
    public func custom<G: CustomGrouping>(
        _ component: String, stream: StreamID = .default, _ make: @escaping @Sendable () -> G
    ) -> BoltDeclarer {
        let id = declarer.builder.components[declarer.index].id
        declarer.builder.customGroupings[
            CustomGroupingKey(component: id, source: GlobalStreamID(component, stream))] = make
        return input(component, stream, .custom("\(G.self)"))
    }

    private func input(_ component: String, _ stream: StreamID, _ grouping: GroupingDescription) -> BoltDeclarer {
        input(GlobalStreamID(component, stream), grouping)
    }

    /// By a description, for what is read rather than written: a grouping that needs no code.
    @discardableResult
    package func input(_ source: GlobalStreamID, _ grouping: GroupingDescription) -> BoltDeclarer {
        declarer.change { $0.inputs.append(InputDescription(source, grouping)) }
        return self
    }
}
