public import StormCore
import Synchronization

/// Which argument: a place in `constructorArgs`, from 0, or the name of one of the `properties`.
public enum FluxArgumentKey: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    case index(Int)
    case name(String)

    public init(integerLiteral value: Int) { self = .index(value) }
    public init(stringLiteral value: String) { self = .name(value) }

    public var description: String {
        switch self {
        case .index(let index): "argument \(index)"
        case .name(let name): "property '\(name)'"
        }
    }
}

/// An argument that a registered component cannot use.
public struct FluxArgumentError: Error, Sendable, CustomStringConvertible {
    public let key: FluxArgumentKey?
    public let problem: String

    /// - Parameter key: nil when it is not about one argument.
    public init(_ key: FluxArgumentKey? = nil, _ problem: String) {
        self.key = key
        self.problem = problem
    }

    public var description: String { (key.map { "\($0) " } ?? "") + problem }
}

/// What a YAML topology gives a registered component: its `constructorArgs` by number, its `properties` by name, and the
/// calls of its `configMethods`.
///
/// ```swift
/// $0.bolt("count") { args in CountBolt(limit: try args.int(0, default: 10), rules: try args.component("rules")) }
/// ```
///
/// Every argument that is given must be read: one that nobody asks for is refused at submission, with its line.
public struct FluxArguments: Sendable {
    enum Item: Sendable {
        case value(ConfigValue)
        case object(any Sendable)
        case objects([any Sendable])
    }

    var items: [FluxArgumentKey: Item] = [:]
    /// In the order of the file.
    var methods: [(name: String, arguments: FluxArguments)] = []
    /// How many `constructorArgs` there are.
    public internal(set) var count = 0
    var reads: FluxReads?

    /// Whether there is such an argument.
    public func has(_ key: FluxArgumentKey) -> Bool {
        reads?.note(key)
        return items[key] != nil
    }

    // MARK: Values

    /// - Parameter fallback: of an argument that is not given; nil: it must be.
    /// - Throws: `FluxArgumentError` for one that is missing or no integer.
    public func int(_ key: FluxArgumentKey, default fallback: Int? = nil) throws -> Int {
        try take(key, "an integer", fallback) {
            if case .double(let number) = $0 { return Int(exactly: number) }
            return $0.intValue
        }
    }

    public func double(_ key: FluxArgumentKey, default fallback: Double? = nil) throws -> Double {
        try take(key, "a number", fallback) {
            switch $0 {
            case .double(let number): number
            case .int(let number): Double(number)
            default: nil
            }
        }
    }

    public func bool(_ key: FluxArgumentKey, default fallback: Bool? = nil) throws -> Bool {
        try take(key, "true or false", fallback) { if case .bool(let value) = $0 { value } else { nil } }
    }

    public func string(_ key: FluxArgumentKey, default fallback: String? = nil) throws -> String {
        try take(key, "text", fallback) { if case .string(let text) = $0 { text } else { nil } }
    }

    /// A list of texts.
    public func strings(_ key: FluxArgumentKey, default fallback: [String]? = nil) throws -> [String] {
        try take(key, "a list of texts", fallback) {
            guard case .list(let items) = $0 else { return nil }
            let texts = items.compactMap { if case .string(let text) = $0 { text } else { nil } }
            return texts.count == items.count ? texts : nil
        }
    }

    /// An enumeration by the text of one of its cases, compared exactly.
    public func choice<E: RawRepresentable & CaseIterable>(
        _ key: FluxArgumentKey, _ type: E.Type = E.self, default fallback: E? = nil
    ) throws -> E where E.RawValue == String {
        let names = E.allCases.map(\.rawValue).joined(separator: ", ")
        return try take(key, "one of \(names)", fallback) {
            if case .string(let text) = $0 { E(rawValue: text) } else { nil }
        }
    }

    /// Whatever it is: text, number, list, map.
    public func value(_ key: FluxArgumentKey, default fallback: ConfigValue? = nil) throws -> ConfigValue {
        try take(key, "a value", fallback) { $0 }
    }

    // MARK: Components

    /// The component that a `ref` leads to. All tasks of a worker share it.
    public func component<T: Sendable>(_ key: FluxArgumentKey, as type: T.Type = T.self) throws -> T {
        reads?.note(key)
        guard let item = items[key] else { throw FluxArgumentError(key, "is missing; it must be a ref to a \(T.self)") }
        guard case .object(let object) = item else {
            throw FluxArgumentError(key, "must be a ref to a \(T.self), not a value")
        }
        guard let object = object as? T else {
            throw FluxArgumentError(key, "refers to a \(Swift.type(of: object)); it must be a \(T.self)")
        }
        return object
    }

    /// The components of a `reflist`.
    public func components<T: Sendable>(_ key: FluxArgumentKey, as type: T.Type = T.self) throws -> [T] {
        reads?.note(key)
        guard case .objects(let objects)? = items[key] else {
            throw FluxArgumentError(key, "must be a reflist of \(T.self)")
        }
        return try objects.map {
            guard let object = $0 as? T else {
                throw FluxArgumentError(key, "refers to a \(Swift.type(of: $0)); all must be \(T.self)")
            }
            return object
        }
    }

    // MARK: Methods

    /// The arguments of each call of this name in `configMethods`, in their order; empty when there is none.
    public func calls(_ name: String) -> [FluxArguments] {
        reads?.noteMethod(name)
        return methods.filter { $0.name == name }.map(\.arguments)
    }

    private func take<T>(
        _ key: FluxArgumentKey, _ expected: String, _ fallback: T?, _ convert: (ConfigValue) -> T?
    ) throws -> T {
        reads?.note(key)
        guard let item = items[key] else {
            if let fallback { return fallback }
            throw FluxArgumentError(key, "is missing; it must be \(expected)")
        }
        guard case .value(let value) = item else {
            throw FluxArgumentError(key, "must be \(expected), not a reference to a component")
        }
        guard let converted = convert(value) else {
            throw FluxArgumentError(key, "must be \(expected); it is \(value)")
        }
        return converted
    }
}

/// Which arguments somebody has asked for.
final class FluxReads: Sendable {
    private struct State {
        var keys: Set<FluxArgumentKey> = []
        var methods: Set<String> = []
    }

    private let state = Mutex(State())

    func note(_ key: FluxArgumentKey) { state.withLock { _ = $0.keys.insert(key) } }
    func noteMethod(_ name: String) { state.withLock { _ = $0.methods.insert(name) } }

    var keys: Set<FluxArgumentKey> { state.withLock { $0.keys } }
    var methods: Set<String> { state.withLock { $0.methods } }
}
