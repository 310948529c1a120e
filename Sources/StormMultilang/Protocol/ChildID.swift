import StormTopology

/// What a child's spout calls a message: any value that its serializer knows, given back as it came.
enum ChildID: Hashable, Sendable, CustomStringConvertible {
    case int(Int64)
    case text(String)
    /// The bytes of the value as the child wrote them.
    case other([UInt8])

    var description: String {
        switch self {
        case .int(let value): "\(value)"
        case .text(let value): value
        case .other(let raw): String(decoding: raw, as: UTF8.self)
        }
    }

    var messageID: MessageID {
        switch self {
        case .int(let value): .int(Int(value))
        case .text(let value): .string(value)
        case .other: .other(MessageID.Box(self))
        }
    }

    /// Nil for an id that no child has given.
    init?(_ id: MessageID) {
        switch id {
        case .int(let value): self = .int(Int64(value))
        case .string(let value): self = .text(value)
        case .other(let box):
            guard let own = box.value as? ChildID else { return nil }
            self = own
        }
    }
}
