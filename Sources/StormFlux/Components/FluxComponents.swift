import StormCore
public import StormTopology

/// Swift components by the names that YAML topologies use as `className`.
///
/// ```swift
/// static let components = FluxComponents {
///     $0.spout("sentences") { args in Sentences(path: try args.string(0)) }
///     $0.bolt("count") { args in CountWords(limit: try args.int("limit", default: 100)) }
///     $0.component("rules") { args in Rules(strict: try args.bool(0)) }
/// }
/// ```
///
/// Closures of spouts and bolts run once per task, in the worker, and once more when a topology is submitted or tried, to
/// check the arguments: what they make must do its work in `open` or `prepare`, not before.
public struct FluxComponents: Sendable {
    /// How components of one name are added to a topology, and tried; spouts or bolts by what declares them.
    @usableFromInline
    struct Entry<Declarer>: Sendable {
        let add: @Sendable (TopologyBuilder, String, Int, FluxArguments) -> Declarer
        let trial: @Sendable (FluxArguments) throws -> Void

        /// - Parameter declare: adds a component whose objects come from the closure that it is given.
        @usableFromInline
        init<Made>(
            _ make: @escaping @Sendable (FluxArguments) throws -> Made,
            declare:
                @escaping @Sendable (TopologyBuilder, String, Int, @escaping @Sendable () throws -> Made) -> Declarer
        ) {
            add = { builder, id, parallelism, args in declare(builder, id, parallelism) { try make(args) } }
            trial = { _ = try make($0) }
        }
    }

    typealias Grouping = @Sendable (BoltDeclarer, GlobalStreamID, FluxArguments) throws -> Void

    private(set) var spouts: [String: Entry<SpoutDeclarer>] = [:]
    private(set) var bolts: [String: Entry<BoltDeclarer>] = [:]
    private(set) var components: [String: @Sendable (FluxArguments) throws -> any Sendable] = [:]
    private(set) var groupings: [String: Grouping] = [:]
    private(set) var workerHooks: [String: @Sendable (FluxArguments) throws -> any WorkerHook] = [:]

    /// None.
    public init() {}

    public init(_ register: (inout FluxComponents) throws -> Void) rethrows { try register(&self) }

    var isEmpty: Bool {
        spouts.isEmpty && bolts.isEmpty && components.isEmpty && groupings.isEmpty && workerHooks.isEmpty
    }

    // MARK: Spouts and bolts

    /// - Parameter outputs: in place of the type's `outputs`.
    @inlinable
    public mutating func spout<S: Spout>(
        _ name: String, outputs: Outputs = S.outputs, _ make: @escaping @Sendable (FluxArguments) throws -> S
    ) {
        register(name, Entry(make) { $0.spout($1, parallelism: $2, outputs: outputs, $3) })
    }

    @inlinable
    public mutating func bolt<B: Bolt>(
        _ name: String, outputs: Outputs = B.outputs, _ make: @escaping @Sendable (FluxArguments) throws -> B
    ) {
        register(name, Entry(make) { $0.bolt($1, parallelism: $2, outputs: outputs, $3) })
    }

    @inlinable
    public mutating func bolt<B: BasicBolt>(
        _ name: String, outputs: Outputs = B.outputs, _ make: @escaping @Sendable (FluxArguments) throws -> B
    ) {
        register(name, Entry(make) { $0.bolt($1, parallelism: $2, outputs: outputs, $3) })
    }

    public mutating func bolt<B: AsyncBolt>(
        _ name: String, outputs: Outputs = B.outputs, _ make: @escaping @Sendable (FluxArguments) throws -> B
    ) {
        register(name, Entry(make) { $0.bolt($1, parallelism: $2, outputs: outputs, $3) })
    }

    // MARK: The rest

    /// An object that others refer to; made once per worker.
    public mutating func component<T: Sendable>(
        _ name: String, _ make: @escaping @Sendable (FluxArguments) throws -> T
    ) {
        check(name, isNew: components[name] == nil)
        components[name] = make
    }

    /// A grouping for `type: CUSTOM`. The closure reads the arguments, and gives what makes one for each emitting task.
    ///
    /// ```swift
    /// $0.grouping("every-nth") { args in
    ///     let n = try args.int(0)
    ///     return { EveryNth(n) }
    /// }
    /// ```
    public mutating func grouping<G: CustomGrouping & SendableMetatype>(
        _ name: String, _ make: @escaping @Sendable (FluxArguments) throws -> @Sendable () -> G
    ) {
        check(name, isNew: groupings[name] == nil)
        groupings[name] = { declarer, source, args in
            declarer.custom(source.component, stream: source.stream, try make(args))
        }
    }

    /// For `workerHooks`.
    public mutating func workerHook<H: WorkerHook>(
        _ name: String, _ make: @escaping @Sendable (FluxArguments) throws -> H
    ) {
        check(name, isNew: workerHooks[name] == nil)
        workerHooks[name] = make
    }

    @usableFromInline
    mutating func register(_ name: String, _ spout: Entry<SpoutDeclarer>) {
        check(name, isNew: spouts[name] == nil)
        spouts[name] = spout
    }

    @usableFromInline
    mutating func register(_ name: String, _ bolt: Entry<BoltDeclarer>) {
        check(name, isNew: bolts[name] == nil)
        bolts[name] = bolt
    }

    private func check(_ name: String, isNew: Bool) {
        precondition(isNew, "the component '\(name)' is registered twice")
    }
}
