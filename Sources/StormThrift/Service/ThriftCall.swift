/// One method of a service as both ends see it: name, arguments in the order of their ids (from 1), result, and the
/// errors it declares.
///
/// ```swift
/// static let killTopologyWithOpts = ThriftCall<ThriftVoid, String, Thrift.KillOptions>(
///     "killTopologyWithOpts", throws: [.init(1, Thrift.NotAliveException.self)])
/// ```
package struct ThriftCall<Result: ThriftResult, each Argument: ThriftArgument>: Sendable {
    package let name: String
    package let exceptions: [ThriftDeclaredException]

    package init(_ name: String, throws exceptions: [ThriftDeclaredException] = []) {
        self.name = name
        self.exceptions = exceptions
    }

    /// Writes the whole request message.
    package func writeRequest(
        _ arguments: repeat each Argument, sequence: Int32, to writer: inout ThriftWriter
    ) {
        writer.write(header: ThriftMessageHeader(name, .call, sequence))
        var id: Int16 = 1
        for argument in repeat each arguments {
            argument.writeArgument(id, to: &writer)
            id += 1
        }
        writer.writeStop()
    }

    /// Reads the arguments that stand after the request's header.
    /// - Throws: `ThriftError`; `missingField` when an argument that must be there is not.
    package func readArguments(from reader: inout ThriftReader) throws -> (repeat each Argument) {
        let fields = try reader.scanFields()
        var id: Int16 = 0
        func next<Value: ThriftArgument>(_: Value.Type) throws -> Value {
            id += 1
            guard let value = try Value.argument(id, in: fields) else {
                throw ThriftError(.missingField, "\(name) lacks its argument \(id)")
            }
            return value
        }
        return (repeat try next((each Argument).self))
    }

    /// Reads a whole reply message.
    /// - Throws: the declared exception or the `ThriftApplicationException` it carries; `ThriftError` when it is not
    ///   the reply to this request or cannot be read.
    package func readReply(from reader: inout ThriftReader, sequence: Int32) throws -> Result {
        let header = try reader.readMessageHeader()
        guard header.sequence == sequence, header.name == name else {
            throw ThriftError(
                .wrongReply, "\(name) number \(sequence) was answered by \(header.name) number \(header.sequence)")
        }
        switch header.kind {
        case .exception: throw ThriftApplicationException(try ThriftApplicationException.Body(from: &reader))
        case .reply: break
        case .call, .oneWay: throw ThriftError(.wrongReply, "\(name) was answered by a message of type \(header.kind)")
        }
        let fields = try reader.scanFields()
        for exception in exceptions {
            if let error = try exception.read(fields) { throw error }
        }
        guard let result = try Result.result(in: fields) else {
            throw ThriftApplicationException(.missingResult, "\(name) failed: unknown result")
        }
        return result
    }
}

/// An error that a method declares, and its field id in the result struct.
package struct ThriftDeclaredException: Sendable {
    package let id: Int16
    let read: @Sendable (ThriftScannedFields) throws -> (any Error)?
    /// Writes the error if it is of this type; tells whether it was.
    let write: @Sendable (any Error, inout ThriftWriter) -> Bool

    package init<Exception: ThriftException>(_ id: Int16, _ type: Exception.Type) {
        self.id = id
        read = { fields in try fields.value(id, as: Exception.self) }
        write = { error, writer in
            guard let error = error as? Exception else { return false }
            writer.writeField(id, error)
            return true
        }
    }
}
