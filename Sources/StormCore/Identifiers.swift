/// A task: one instance of a component, the unit that tuples are addressed to.
///
/// Numbered from 1 over the whole topology; components sorted by name get consecutive ids, so every process that knows
/// the topology computes the same numbers. Ids below zero are pseudo tasks of a worker and never travel in a tuple's
/// destination.
public struct TaskID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: Int32

    @inlinable
    public init(_ rawValue: Int32) { self.rawValue = rawValue }

    @inlinable
    public init(_ value: Int) { self.rawValue = Int32(value) }

    /// The worker itself: the source of tick tuples (Storm's `__system` component).
    public static let system = TaskID(Int32(-1))

    /// The greatest task number: it must fit 15 bits, as on Storm's wire, so that a root id can carry it.
    public static let max = TaskID(Int32(32767))

    @inlinable
    public static func < (a: TaskID, b: TaskID) -> Bool { a.rawValue < b.rawValue }

    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(Int32.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public var description: String { String(rawValue) }
}

/// The consecutive tasks `first...last` of one component that one executor runs. Written `[first,last]` as Storm does.
public struct ExecutorRange: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let first: TaskID
    public let last: TaskID

    /// - Precondition: `first <= last`.
    public init(_ first: TaskID, _ last: TaskID) {
        precondition(first <= last, "an executor's first task must not come after its last")
        self.first = first
        self.last = last
    }

    public var tasks: [TaskID] { (first.rawValue...last.rawValue).map { TaskID($0) } }
    public var taskCount: Int { Int(last.rawValue - first.rawValue) + 1 }

    public static func < (a: ExecutorRange, b: ExecutorRange) -> Bool {
        a.first == b.first ? a.last < b.last : a.first < b.first
    }

    public var description: String { "[\(first),\(last)]" }
}

/// A named output of a component. `default` is the stream that `emit` without a stream name writes to.
public struct StreamID: Hashable, Comparable, Sendable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let name: String

    public init(_ name: String) { self.name = name }
    public init(stringLiteral value: String) { name = value }

    public static let `default`: StreamID = "default"
    /// Tick tuples: sent by the worker at `topology.tick.tuple.freq.secs`.
    public static let tick: StreamID = "__tick"

    public static func < (a: StreamID, b: StreamID) -> Bool { a.name < b.name }

    public init(from decoder: any Decoder) throws {
        name = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    public var description: String { name }
}

/// A stream of one particular component: what a bolt subscribes to.
public struct GlobalStreamID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let component: String
    public let stream: StreamID

    public init(_ component: String, _ stream: StreamID = .default) {
        self.component = component
        self.stream = stream
    }

    public static func < (a: GlobalStreamID, b: GlobalStreamID) -> Bool {
        a.component == b.component ? a.stream < b.stream : a.component < b.component
    }

    public var description: String { "\(component):\(stream)" }
}
