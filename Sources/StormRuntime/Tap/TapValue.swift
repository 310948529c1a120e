import FoundationEssentials
import StormCore
import StormWire

/// A field for people: as in a dead letter (`LetterValue`), but cut where it is long.
enum TapValue {
    /// Of one sample, in encoded form.
    static let sampleBytesMax = 8 << 10
    /// Of one field.
    static let fieldBytesMax = 2 << 10

    /// - Parameter budget: what is left for the sample; a field that does not fit is replaced by its size.
    static func json(at field: UnsafeRawPointer, budget: inout Int) -> ConfigValue {
        let bytes = FieldReader.byteCount(at: field)
        if bytes <= min(fieldBytesMax, budget) {
            budget -= bytes
            return LetterValue.json(Value(at: field))
        }
        let kept = min(256, budget)
        budget -= kept
        switch field.u8(0) {
        case FieldTag.string, FieldTag.bigInteger:
            let start = UnsafeRawBufferPointer(rebasing: FieldReader.payload(at: field).prefix(kept))
            return .string(String(decoding: start, as: UTF8.self) + "… (\(bytes - 5) bytes)")
        case FieldTag.bytes: return .string("(\(bytes - 5) bytes)")
        case FieldTag.list: return .string("(a list of \(bytes - 5) bytes)")
        default: return .string("(a map of \(bytes - 5) bytes)")
        }
    }
}
