import StormThrift
import Testing

/// A value of one type of the interface with its bytes, behind functions that forget the type.
struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let golden: [UInt8]
    /// The bytes this module writes for the value.
    let encoded: [UInt8]
    /// Reads bytes as the type; tells whether the result equals the value and how many bytes were left.
    let decode: @Sendable ([UInt8]) throws -> (isEqual: Bool, bytesLeft: Int)

    init<Value: ThriftValue>(_ name: String, _ value: Value, _ goldenHex: String) {
        self.name = name
        golden = bytes(hex: goldenHex)
        var writer = ThriftWriter()
        value.write(to: &writer)
        encoded = writer.bytes
        decode = { bytes in
            var reader = ThriftReader(bytes: bytes)
            let read = try Value(from: &reader)
            return (read == value, reader.bytesLeft)
        }
    }

    var testDescription: String { name }
}

/// Bytes written as hexadecimal digits; blanks and line breaks do not count.
func bytes(hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// A small random generator that gives the same numbers for the same seed everywhere (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
