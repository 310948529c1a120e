/// The type tag of a value in Thrift's binary protocol. Binary and text share `string`; enums travel as `int32`.
package enum ThriftType: UInt8, Sendable {
    /// Ends the fields of a struct; not a type of values.
    case stop = 0
    case bool = 2
    case int8 = 3
    case double = 4
    case int16 = 6
    case int32 = 8
    case int64 = 10
    case string = 11
    case structure = 12
    case map = 13
    case set = 14
    case list = 15

    /// The fewest bytes a value of this type takes: what bounds the length a container may claim.
    package var wireBytesMin: Int {
        switch self {
        case .stop: 0
        case .bool, .int8, .structure: 1
        case .int16: 2
        case .int32, .string: 4
        case .list, .set: 5
        case .map: 6
        case .int64, .double: 8
        }
    }
}
