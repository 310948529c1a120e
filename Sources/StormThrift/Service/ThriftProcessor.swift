package import NIOCore

/// Request bytes in, reply bytes out: a service and its method table behind one function. No sockets, no frames.
///
/// What a caller sees (as with Storm's servers):
///
/// | in the service | reply |
/// |---|---|
/// | returns a value | result with field 0 |
/// | returns nil | empty result |
/// | throws a declared exception | result with the field of that exception |
/// | throws a `ThriftApplicationException` | that |
/// | throws anything else | INTERNAL_ERROR, "Internal error processing METHOD: " and the error |
/// | no such method | UNKNOWN_METHOD |
/// | arguments cannot be read | PROTOCOL_ERROR; the connection goes on |
package struct ThriftProcessor: Sendable {
    /// Told of each call that was answered: its method ("unknown" for one that is not served), whether with an exception,
    /// declared or not, and how long it took. Must not block.
    package typealias Observer = @Sendable (_ method: String, _ isError: Bool, _ took: Duration) -> Void

    private let respond: @Sendable (ByteBuffer) async throws -> ByteBuffer

    package init<Service: Sendable>(
        service: Service, methods: ThriftMethodTable<Service>, limits: ThriftLimits = ThriftLimits(),
        observer: @escaping Observer = { _, _, _ in }
    ) {
        respond = { request in
            let start = ContinuousClock.now
            let answer = try await methods.answer(to: request, from: service, limits: limits)
            observer(answer.method, answer.isError, start.duration(to: .now))
            return answer.reply
        }
    }

    /// The reply message to a request message.
    /// - Throws: `ThriftError` when not even the request's header can be read: the connection is of no more use.
    package func reply(to request: ByteBuffer) async throws -> ByteBuffer { try await respond(request) }

    /// As above, on arrays.
    package func reply(to request: [UInt8]) async throws -> [UInt8] {
        Array(try await respond(ByteBuffer(bytes: request)).readableBytesView)
    }
}
