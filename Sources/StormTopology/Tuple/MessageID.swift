/// What a spout calls a message, so that it knows which one was acked or failed. It never leaves the spout's process.
@frozen
public enum MessageID: Hashable, Sendable {
    case int(Int)
    case string(String)
    case other(Box)

    /// Any hashable value as a message id. A class, so that ids are small.
    public final class Box: Hashable, Sendable {
        public let value: any Hashable & Sendable

        public init(_ value: any Hashable & Sendable) { self.value = value }

        public static func == (a: Box, b: Box) -> Bool { AnyHashable(a.value) == AnyHashable(b.value) }
        public func hash(into hasher: inout Hasher) { AnyHashable(value).hash(into: &hasher) }
    }

    /// The number, when the id is one.
    public var int: Int? { if case .int(let value) = self { value } else { nil } }
    public var string: String? { if case .string(let value) = self { value } else { nil } }
}

extension MessageID: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, CustomStringConvertible {
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(stringLiteral value: String) { self = .string(value) }

    public var description: String {
        switch self {
        case .int(let value): "\(value)"
        case .string(let value): value
        case .other(let box): "\(box.value)"
        }
    }
}
