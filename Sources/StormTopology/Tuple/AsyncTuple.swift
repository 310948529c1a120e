public import StormCore
public import StormWire

/// A tuple's values, copied out: what an `AsyncBolt` gets, free to go to any thread and to be kept.
///
/// The typed readers treat a type or a field that is not there as those of `Tuple` do: they answer with an empty value, and the
/// tuple fails when the call has returned.
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
    private let faults: CallFaults

    /// Copies what `tuple` holds.
    /// - Parameter faults: of the call that the copy is made for.
    package init(_ tuple: Tuple, faults: CallFaults = CallFaults()) {
        self.faults = faults
        values = tuple.values
        fields = tuple.fields
        sourceComponent = tuple.sourceComponent
        sourceStream = tuple.sourceStream
        sourceTask = tuple.sourceTask
        isTick = tuple.isTick
    }

    /// Number of fields.
    public var count: Int { values.count }

    /// Position of a field; -1, and a fault, for a name that the stream does not have. O(fields).
    public func index(of field: String) -> Int {
        if let index = fields.firstIndex(of: field) { return index }
        faults.note(.noField(field, in: streamName, fields: fields))
        return -1
    }

    private var streamName: String { "\(sourceComponent):\(sourceStream)" }

    /// Notes that a field is not of the type that was asked for. - Returns: what stands in for it.
    private func mismatch<T>(_ index: Int, _ wanted: String, _ standIn: T) -> T {
        if values.indices.contains(index) {
            faults.note(.wrongType(index, wanted, is: values[index].typeName, in: streamName, fields: fields))
        }
        return standIn
    }

    /// Null, and a fault, for an index that is not there.
    public func value(_ index: Int) -> Value {
        if values.indices.contains(index) { return values[index] }
        faults.note(.noIndex(index, in: streamName, fields: fields))
        return .null
    }

    public func isNull(_ index: Int) -> Bool { value(index) == .null }

    public func int(_ index: Int) -> Int {
        guard case .int(let value) = value(index) else { return mismatch(index, "int", 0) }
        return Int(value)
    }

    /// An int field converts, also one that 64 bits do not hold.
    public func double(_ index: Int) -> Double {
        switch value(index) {
        case .double(let value): value
        case .int(let value): Double(value)
        case .bigInteger(let digits): Double(digits) ?? .nan
        default: mismatch(index, "double", 0)
        }
    }

    public func bool(_ index: Int) -> Bool {
        guard case .bool(let value) = value(index) else { return mismatch(index, "bool", false) }
        return value
    }

    /// Of a whole number from a child that 64 bits do not hold, its decimal digits.
    public func string(_ index: Int) -> String {
        switch value(index) {
        case .string(let value), .bigInteger(let value): value
        default: mismatch(index, "string", "")
        }
    }

    public func bytes(_ index: Int) -> [UInt8] {
        guard case .bytes(let value) = value(index) else { return mismatch(index, "bytes", []) }
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
