/// Why the transport could not do what it was asked to.
public struct TransportError: Error, CustomStringConvertible {
    /// The kinds of error; more may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        public let description: String

        /// Another process listens on the port.
        public static let portInUse = Code(description: "port in use")
        /// The address to listen on could not be bound for another reason.
        public static let bindFailed = Code(description: "bind failed")
        /// Not all peers were connected in time.
        public static let notReady = Code(description: "not ready")
        /// A method was called out of order, such as `start` without `attach`.
        public static let wrongState = Code(description: "wrong state")
    }

    public let code: Code
    public let message: String
    public let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Whether the same call may succeed later.
    public var isRetriable: Bool { code != .wrongState }

    public var description: String { cause.map { "\(message): \($0)" } ?? message }
}
