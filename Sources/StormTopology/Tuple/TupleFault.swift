public import StormWire
import Synchronization

/// What was wrong with one tuple: a field was read that is not there, or an emit could not be carried out. It fails that
/// tuple's trees and nothing else.
public struct TupleFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// `badField` or `badEmit`.
    public let reason: FailureReason
    /// What was asked for, and what is there.
    public let description: String

    init(_ reason: FailureReason, _ description: String) {
        self.reason = reason
        self.description = description
    }

    static func noField(_ name: String, in stream: String, fields: [String]) -> TupleFault {
        TupleFault(
            .badField, "stream \(stream) has no field '\(name)'; it has: \(fields.joined(separator: ", "))")
    }

    static func noIndex(_ index: Int, in stream: String, fields: [String]) -> TupleFault {
        TupleFault(
            .badField,
            "stream \(stream) has no field \(index); it has \(fields.count): \(fields.joined(separator: ", "))")
    }

    static func wrongType(
        _ index: Int, _ wanted: String, is actual: String, in stream: String, fields: [String]
    ) -> TupleFault {
        let name = fields.indices.contains(index) ? " '\(fields[index])'" : ""
        return TupleFault(
            .badField, "field \(index)\(name) of stream \(stream) is not of type \(wanted): it is of type \(actual)")
    }
}

/// The first fault of one call of an `AsyncBolt`. Any thread.
package final class CallFaults: Sendable {
    private let fault = Mutex<TupleFault?>(nil)

    package init() {}

    func note(_ fault: TupleFault) { self.fault.withLock { $0 = $0 ?? fault } }
    package var first: TupleFault? { fault.withLock { $0 } }
}

extension Value {
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .bigInteger: "integer of more than 64 bits"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .map: "map"
        }
    }
}
