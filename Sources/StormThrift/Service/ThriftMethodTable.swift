internal import NIOCore

/// The methods that a service serves, by name.
///
/// ```swift
/// var methods = ThriftMethodTable<any NimbusService>()
/// methods.add(NimbusCalls.getTopologyConf) { try await $0.getTopologyConf(id: $1) }
/// ```
package struct ThriftMethodTable<Service: Sendable>: Sendable {
    private var methods: [String: Method] = [:]

    package init() {}

    package var names: [String] { methods.keys.sorted() }

    /// Adds a method that returns a value.
    package mutating func add<Result: ThriftResult, each Argument: ThriftArgument>(
        _ call: ThriftCall<Result, repeat each Argument>,
        _ handler: @escaping @Sendable (Service, repeat each Argument) async throws -> Result
    ) {
        precondition(methods[call.name] == nil, "\(call.name) is there twice")
        methods[call.name] = Method(exceptions: call.exceptions) { service, reader in
            var reader = reader
            let arguments = try call.readArguments(from: &reader)
            return {
                let result = try await handler(service, repeat each arguments)
                return { writer in result.writeResult(to: &writer) }
            }
        }
    }

    /// Adds a method that returns nothing.
    package mutating func add<each Argument: ThriftArgument>(
        _ call: ThriftCall<ThriftVoid, repeat each Argument>,
        _ handler: @escaping @Sendable (Service, repeat each Argument) async throws -> Void
    ) {
        precondition(methods[call.name] == nil, "\(call.name) is there twice")
        methods[call.name] = Method(exceptions: call.exceptions) { service, reader in
            var reader = reader
            let arguments = try call.readArguments(from: &reader)
            return {
                try await handler(service, repeat each arguments)
                return { _ in }
            }
        }
    }

    /// What became of a request.
    struct Answer {
        var reply: ByteBuffer
        /// Its name, or "unknown" for one that is not in the table.
        var method: String
        /// The reply carries an exception.
        var isError: Bool
    }

    /// Answers one request: pure but for the call of the service. What becomes of errors: see `ThriftProcessor`.
    func answer(to request: ByteBuffer, from service: Service, limits: ThriftLimits) async throws -> Answer {
        var reader = ThriftReader(request, limits: limits)
        let header = try reader.readMessageHeader()
        let name = methods[header.name] == nil ? "unknown" : header.name
        func failed(_ reply: ByteBuffer) -> Answer { Answer(reply: reply, method: name, isError: true) }
        guard header.kind == .call else {
            return failed(Self.refusal(header, .invalidMessageType, "A message of type \(header.kind) is not a call"))
        }
        guard let method = methods[header.name] else {
            return failed(Self.refusal(header, .unknownMethod, "Invalid method name: '\(header.name)'"))
        }
        let run: Run
        do {
            run = try method.prepare(service, reader)
        } catch {
            return failed(Self.refusal(header, .protocolError, "\(header.name): \(error)"))
        }
        do {
            return Answer(reply: Self.result(header, try await run()), method: name, isError: false)
        } catch let error as ThriftApplicationException {
            return failed(Self.refusal(header, error.kind, error.message))
        } catch {
            return failed(Self.failure(header, method, error))
        }
    }

    private typealias WriteResult = @Sendable (inout ThriftWriter) -> Void
    private typealias Run = @Sendable () async throws -> WriteResult

    private struct Method: Sendable {
        let exceptions: [ThriftDeclaredException]
        /// Reads the arguments; what it returns calls the service and returns what writes the result.
        let prepare: @Sendable (Service, ThriftReader) throws -> Run
    }

    private static func result(_ request: ThriftMessageHeader, _ write: WriteResult) -> ByteBuffer {
        var writer = ThriftWriter()
        writer.write(header: ThriftMessageHeader(request.name, .reply, request.sequence))
        write(&writer)
        writer.writeStop()
        return writer.buffer
    }

    /// An error the service threw: in its own field when declared, an internal error otherwise.
    private static func failure(
        _ request: ThriftMessageHeader, _ method: Method, _ error: any Error
    ) -> ByteBuffer {
        var writer = ThriftWriter()
        writer.write(header: ThriftMessageHeader(request.name, .reply, request.sequence))
        guard method.exceptions.contains(where: { $0.write(error, &writer) }) else {
            return refusal(request, .internalError, "Internal error processing \(request.name): \(error)")
        }
        writer.writeStop()
        return writer.buffer
    }

    private static func refusal(
        _ request: ThriftMessageHeader, _ kind: ThriftApplicationException.Kind, _ message: String
    ) -> ByteBuffer {
        var writer = ThriftWriter()
        writer.write(header: ThriftMessageHeader(request.name, .exception, request.sequence))
        ThriftApplicationException(kind, message).body.write(to: &writer)
        return writer.buffer
    }
}
