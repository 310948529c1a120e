import FoundationEssentials
package import StormCore
package import StormWire

/// Values of tuples as JSON values and back, without loss: what JSON has no form of its own for becomes a map with one
/// key.
///
/// | value | JSON |
/// |---|---|
/// | bytes | `{"$bytes": base64}` |
/// | a double without fraction, or not finite | `{"$double": text}`: as a number it would come back as an int, or never |
/// | a whole number that 64 bits do not hold | `{"$int": digits}` |
/// | a map whose only key is one of these four | `{"$map": that map}` |
package enum LetterValue {
    private static let bytesKey = "$bytes"
    private static let doubleKey = "$double"
    private static let intKey = "$int"
    private static let mapKey = "$map"
    private static let keys: Set<String> = [bytesKey, doubleKey, intKey, mapKey]

    package static func json(_ value: Value) -> ConfigValue {
        switch value {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .bigInteger(let digits): return .map([intKey: .string(digits)])
        case .double(let value):
            let isPlain = value.isFinite && value != value.rounded()
            return isPlain ? .double(value) : .map([doubleKey: .string("\(value)")])
        case .string(let value): return .string(value)
        case .bytes(let value): return .map([bytesKey: .string(Data(value).base64EncodedString())])
        case .list(let values): return .list(values.map(json))
        case .map(let entries):
            let map = ConfigValue.map(entries.mapValues(json))
            let isMistakable = entries.count == 1 && entries.keys.contains { keys.contains($0) }
            return isMistakable ? .map([mapKey: map]) : map
        }
    }

    /// - Returns: nil when a map with one of the keys above does not hold what it should, or at too great a depth.
    package static func value(_ json: ConfigValue) -> Value? { value(json, depth: 0) }

    private static func value(_ json: ConfigValue, depth: Int) -> Value? {
        guard depth <= Value.maxDepth else { return nil }
        switch json {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .double(let value): return .double(value)
        case .string(let value): return .string(value)
        case .list(let values):
            let inner = values.compactMap { value($0, depth: depth + 1) }
            return inner.count == values.count ? .list(inner) : nil
        case .map(let entries):
            guard entries.count == 1, let (key, content) = entries.first else { return map(entries, depth) }
            switch (key, content) {
            case (bytesKey, .string(let text)): return Data(base64Encoded: text).map { .bytes([UInt8]($0)) }
            case (doubleKey, .string(let text)): return Double(text).map { .double($0) }
            case (intKey, .string(let digits)): return digits.isWholeNumber ? .bigInteger(digits) : nil
            case (mapKey, .map(let inner)): return map(inner, depth)
            default: return keys.contains(key) ? nil : map(entries, depth)
            }
        }
    }

    private static func map(_ entries: [String: ConfigValue], _ depth: Int) -> Value? {
        let inner = entries.compactMapValues { value($0, depth: depth + 1) }
        return inner.count == entries.count ? .map(inner) : nil
    }
}
