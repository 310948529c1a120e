public import StormCore
public import StormWire

/// A tuple's values, copied out: what an `AsyncBolt` gets, free to go to any thread and to be kept.
///
/// The typed readers trap on a type or a field that is not there, as those of `Tuple` do.
public struct AsyncTuple: Sendable, CustomStringConvertible {
    /// All fields, in order.
    public let values: [Value]
    /// Names of the fields, in order.
    public let fields: [String]
    public let sourceComponent: String
    public let sourceStream: StreamID
    public let sourceTask: TaskID
    /// Whether this is a tick of `topology.tick.tuple.freq.secs`.
    public let isTick: Bool

    /// Copies what `tuple` holds.
    package init(_ tuple: Tuple) {
        values = tuple.values
        fields = tuple.fields
        sourceComponent = tuple.sourceComponent
        sourceStream = tuple.sourceStream
        sourceTask = tuple.sourceTask
        isTick = tuple.isTick
    }

    /// Number of fields.
    public var count: Int { values.count }

    /// Position of a field. O(fields).
    /// - Precondition: the stream has a field of this name.
    public func index(of field: String) -> Int {
        guard let index = fields.firstIndex(of: field) else {
            preconditionFailure("stream \(sourceStream) has no field '\(field)'; it has: \(fields)")
        }
        return index
    }

    private func mismatch(_ index: Int, _ wanted: String) -> Never {
        preconditionFailure("field \(index) of \(self) is not of type \(wanted)")
    }

    public func value(_ index: Int) -> Value { values[index] }
    public func isNull(_ index: Int) -> Bool { values[index] == .null }

    public func int(_ index: Int) -> Int {
        guard case .int(let value) = values[index] else { mismatch(index, "int") }
        return Int(value)
    }

    /// An int field converts.
    public func double(_ index: Int) -> Double {
        switch values[index] {
        case .double(let value): value
        case .int(let value): Double(value)
        default: mismatch(index, "double")
        }
    }

    public func bool(_ index: Int) -> Bool {
        guard case .bool(let value) = values[index] else { mismatch(index, "bool") }
        return value
    }

    public func string(_ index: Int) -> String {
        guard case .string(let value) = values[index] else { mismatch(index, "string") }
        return value
    }

    public func bytes(_ index: Int) -> [UInt8] {
        guard case .bytes(let value) = values[index] else { mismatch(index, "bytes") }
        return value
    }

    // MARK: By name

    public func value(_ name: String) -> Value { value(index(of: name)) }
    public func int(_ name: String) -> Int { int(index(of: name)) }
    public func double(_ name: String) -> Double { double(index(of: name)) }
    public func bool(_ name: String) -> Bool { bool(index(of: name)) }
    public func string(_ name: String) -> String { string(index(of: name)) }
    public func bytes(_ name: String) -> [UInt8] { bytes(index(of: name)) }

    public var description: String {
        "\(sourceComponent):\(sourceStream)#\(sourceTask) [" + values.map(\.description).joined(separator: ", ") + "]"
    }
}
