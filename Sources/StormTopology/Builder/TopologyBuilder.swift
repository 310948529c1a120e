public import StormCore

/// Puts a topology together: components by name, and who listens to whom.
///
/// ```swift
/// topology.spout("lines", parallelism: 2) { FileLines(files) }
/// topology.bolt("split", parallelism: 4) { SplitSentence() }.shuffle("lines")
/// topology.bolt("count", parallelism: 4) { CountWords() }.fields("split", "word")
/// ```
///
/// The closures run in the workers, once per task. Nothing is checked until `build`, which reports all faults together.
public final class TopologyBuilder {
    var components: [ComponentDescription] = []
    private var factories: [String: ComponentFactory] = [:]
    var customGroupings: [CustomGroupingKey: @Sendable () -> any CustomGrouping] = [:]
    private var workerHooks: [any WorkerHook] = []
    private var configuration: [String: ConfigValue] = [:]

    public init() {}

    /// - Parameters:
    ///   - parallelism: number of executors at the start, at least 1.
    ///   - outputs: in place of the type's `outputs`, when the shape depends on the arguments.
    @discardableResult
    @inlinable
    public func spout<S: Spout>(
        _ id: String, parallelism: Int = 1, outputs: Outputs = S.outputs, _ make: @escaping @Sendable () throws -> S
    ) -> SpoutDeclarer {
        let index = add(id, .spout, "\(S.self)", parallelism, outputs, spout: { SpoutInstance(try make()) }, bolt: nil)
        return SpoutDeclarer(ComponentDeclarer(self, index))
    }

    @discardableResult
    @inlinable
    public func bolt<B: Bolt>(
        _ id: String, parallelism: Int = 1, outputs: Outputs = B.outputs, _ make: @escaping @Sendable () throws -> B
    ) -> BoltDeclarer {
        let index = add(id, .bolt, "\(B.self)", parallelism, outputs, spout: nil, bolt: { BoltInstance(try make()) })
        return BoltDeclarer(ComponentDeclarer(self, index))
    }

    @discardableResult
    @inlinable
    public func bolt<B: BasicBolt>(
        _ id: String, parallelism: Int = 1, outputs: Outputs = B.outputs, _ make: @escaping @Sendable () throws -> B
    ) -> BoltDeclarer {
        let index = add(
            id, .bolt, "\(B.self)", parallelism, outputs, spout: nil, bolt: { BoltInstance(basic: try make()) })
        return BoltDeclarer(ComponentDeclarer(self, index))
    }

    @discardableResult
    public func bolt<B: AsyncBolt>(
        _ id: String, parallelism: Int = 1, outputs: Outputs = B.outputs, _ make: @escaping @Sendable () throws -> B
    ) -> BoltDeclarer {
        let index = add(
            id, .bolt, "\(B.self)", parallelism, outputs, spout: nil, bolt: { BoltInstance(async: try make()) })
        return BoltDeclarer(ComponentDeclarer(self, index))
    }

    /// Sets a configuration key of the topology. It wins over configuration files and the environment; `-c` wins over it,
    /// as with Storm.
    public func set(_ key: String, _ value: ConfigValue) { configuration[key] = value }

    public func addWorkerHook(_ hook: any WorkerHook) { workerHooks.append(hook) }

    /// - Throws: `InvalidTopologyError` that lists every fault.
    public func build() throws -> Topology {
        let description = TopologyDescription(components: components)
        try description.validate()
        return Topology(
            description: description, configuration: configuration, factories: factories,
            customGroupings: customGroupings, workerHooks: workerHooks)
    }

    /// Adds a component that is described already, with its inputs and configuration.
    package func add(_ description: ComponentDescription, _ factory: ComponentFactory) {
        components.append(description)
        factories[description.id] = factory
    }

    @usableFromInline
    package func add(
        _ id: String, _ kind: ComponentKind, _ implementation: String, _ parallelism: Int, _ outputs: Outputs,
        spout: (@Sendable () throws -> SpoutInstance)?, bolt: (@Sendable () throws -> BoltInstance)?
    ) -> Int {
        components.append(
            ComponentDescription(
                id: id, kind: kind, implementation: implementation, parallelism: parallelism, streams: outputs.streams))
        if let spout { factories[id] = .spout(spout) }
        if let bolt { factories[id] = .bolt(bolt) }
        return components.count - 1
    }
}
