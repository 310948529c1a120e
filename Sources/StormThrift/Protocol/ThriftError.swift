/// What went wrong in this module: a peer sent what it must not, or the network failed.
///
/// Errors that a service declares are not of this type: they are `ThriftException`s. Errors that a server reports
/// without having declared them are `ThriftApplicationException`s.
package struct ThriftError: Error, Sendable, CustomStringConvertible {
    /// The kind of an error. A struct, so that more kinds can come without breaking a `switch`.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        /// The message ends inside a value.
        package static let truncated = Code(description: "truncated")
        /// The bytes are not the binary protocol, or not the types the interface says.
        package static let malformed = Code(description: "malformed")
        /// A length, count or nesting exceeds what this side accepts.
        package static let limitExceeded = Code(description: "limitExceeded")
        /// A field that must be there is not.
        package static let missingField = Code(description: "missingField")
        /// The reply is not for the request.
        package static let wrongReply = Code(description: "wrongReply")
        /// Nobody listens there.
        package static let connectionRefused = Code(description: "connectionRefused")
        /// The host is unknown or cannot be reached.
        package static let connectFailed = Code(description: "connectFailed")
        /// The deadline of a connect or a call passed.
        package static let timedOut = Code(description: "timedOut")
        /// The connection ended before the reply came.
        package static let connectionClosed = Code(description: "connectionClosed")
        /// Too many calls wait on one connection.
        package static let tooManyCalls = Code(description: "tooManyCalls")
        /// The server's address is taken.
        package static let addressInUse = Code(description: "addressInUse")
        /// The server cannot listen for another reason.
        package static let bindFailed = Code(description: "bindFailed")
        /// No seed host led to a leading nimbus.
        package static let noLeader = Code(description: "noLeader")
        /// A local file cannot be read or written.
        package static let file = Code(description: "file")
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?
    /// Where it was found: module, file and line.
    package let source: String

    package init(
        _ code: Code, _ message: String, cause: (any Error)? = nil, fileID: StaticString = #fileID, line: UInt = #line
    ) {
        self.code = code
        self.message = message
        self.cause = cause
        source = "\(fileID):\(line)"
    }

    /// Whether the same call may succeed on a new connection, perhaps to another host. A call whose reply was lost may
    /// have had its effect.
    package var isRetriable: Bool {
        switch code {
        case .connectionRefused, .connectFailed, .timedOut, .connectionClosed, .tooManyCalls, .noLeader: true
        default: false
        }
    }

    package var description: String {
        guard let cause else { return message }
        return "\(message) (\(cause))"
    }
}
