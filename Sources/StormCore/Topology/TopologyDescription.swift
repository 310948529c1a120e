/// The shape of a topology without its code: what is submitted, validated, scheduled and compared.
///
/// A worker builds its topology again from the stored arguments and refuses to start when the description differs from
/// the submitted one. Components are kept sorted by id, so that equal topologies have equal descriptions.
public struct TopologyDescription: Hashable, Sendable {
    public let components: [ComponentDescription]

    public init(components: [ComponentDescription]) {
        self.components = components.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }

    /// O(log n) would do; topologies have tens of components and this is never on the tuple path.
    public subscript(id: String) -> ComponentDescription? { components.first { $0.id == id } }
}

public enum ComponentKind: String, Hashable, Sendable, CustomStringConvertible {
    case spout, bolt

    public var description: String { rawValue }
}

/// One spout or bolt: its outputs, inputs, parallelism and own configuration.
public struct ComponentDescription: Hashable, Sendable {
    public var id: String
    public var kind: ComponentKind
    /// The type that implements it, for people only.
    public var implementation: String
    /// Initial number of executors (Storm's parallelism hint); at least 1.
    public var parallelism: Int
    /// Number of tasks, fixed for the topology's life (`topology.tasks`); nil means as many as executors.
    public var tasks: Int?
    /// Sorted by stream id.
    public var streams: [StreamDescription]
    /// In the order declared.
    public var inputs: [InputDescription]
    /// Overrides the topology's configuration for this component's tasks.
    public var configuration: [String: ConfigValue]

    public init(
        id: String, kind: ComponentKind, implementation: String = "", parallelism: Int = 1, tasks: Int? = nil,
        streams: [StreamDescription] = [], inputs: [InputDescription] = [], configuration: [String: ConfigValue] = [:]
    ) {
        self.id = id
        self.kind = kind
        self.implementation = implementation
        self.parallelism = parallelism
        self.tasks = tasks
        self.streams = streams.sorted { $0.id < $1.id }
        self.inputs = inputs
        self.configuration = configuration
    }

    public func stream(_ id: StreamID) -> StreamDescription? { streams.first { $0.id == id } }

    /// Tasks before any cap by `topology.max.task.parallelism`: declared, else the component's `topology.tasks`, else as
    /// many as executors.
    public var taskCount: Int { tasks ?? configuration["topology.tasks"]?.intValue ?? parallelism }
}

/// An output: an ordered list of unique field names. A direct stream's tuples name their receiving task themselves.
public struct StreamDescription: Hashable, Sendable {
    public let id: StreamID
    public let fields: [String]
    public let isDirect: Bool

    public init(_ id: StreamID = .default, fields: [String], isDirect: Bool = false) {
        self.id = id
        self.fields = fields
        self.isDirect = isDirect
    }
}

/// A subscription of a bolt.
public struct InputDescription: Hashable, Sendable {
    public let source: GlobalStreamID
    public let grouping: GroupingDescription

    public init(_ source: GlobalStreamID, _ grouping: GroupingDescription) {
        self.source = source
        self.grouping = grouping
    }
}

/// How a stream's tuples are divided among the tasks of a subscribing bolt.
public enum GroupingDescription: Hashable, Sendable, CustomStringConvertible {
    /// Evenly, in turn.
    case shuffle
    /// Evenly over the tasks in this worker if there are any, else over all.
    case localOrShuffle
    /// Equal values of these fields go to the same task. Never empty.
    case fields([String])
    /// Equal values of these fields go to one of two tasks, the one this sender has used less.
    case partialKey([String])
    /// A copy to every task.
    case all
    /// To the task with the lowest id.
    case global
    /// The sender does not care; today: as shuffle.
    case none
    /// The sender names the task.
    case direct
    /// User code chooses; the name is for people and for comparison.
    case custom(String)

    /// The fields it reads, in order; empty for all but fields and partial-key.
    public var fields: [String] {
        switch self {
        case .fields(let names), .partialKey(let names): names
        default: []
        }
    }

    public var description: String {
        switch self {
        case .shuffle: "shuffle"
        case .localOrShuffle: "local-or-shuffle"
        case .fields(let names): "fields(\(names.joined(separator: ", ")))"
        case .partialKey(let names): "partial-key(\(names.joined(separator: ", ")))"
        case .all: "all"
        case .global: "global"
        case .none: "none"
        case .direct: "direct"
        case .custom(let name): "custom(\(name))"
        }
    }
}
