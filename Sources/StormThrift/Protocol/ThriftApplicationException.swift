/// An error of a call that its method does not declare.
package struct ThriftApplicationException: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Int32, ThriftEnum {
        case unknown = 0
        case unknownMethod = 1
        case invalidMessageType = 2
        case wrongMethodName = 3
        case badSequence = 4
        case missingResult = 5
        case internalError = 6
        case protocolError = 7
    }

    package var kind: Kind
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// A nimbus refuses a call because it does not lead, or leads no more, and has done nothing: the text is Storm's.
    package var isNotLeader: Bool { message.contains("not a leader") }

    package var description: String { message.isEmpty ? "\(kind)" : message }

    /// The form on the wire: both fields may be missing.
    struct Body: ThriftStruct {
        var message: String?
        var kind: Kind?

        init() {}

        static let fields: [ThriftField<Self>] = [
            .optional(1, "message", \.message),
            .optional(2, "type", \.kind),
        ]
    }

    init(_ body: Body) {
        self.init(body.kind ?? .unknown, body.message ?? "")
    }

    var body: Body {
        var body = Body()
        body.message = message
        body.kind = kind
        return body
    }
}
