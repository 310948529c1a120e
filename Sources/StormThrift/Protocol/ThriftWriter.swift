package import NIOCore

/// Writes values in Thrift's binary protocol. Never fails: the values are our own.
package struct ThriftWriter: Sendable {
    package private(set) var buffer: ByteBuffer

    package init() { buffer = ByteBuffer() }

    package var bytes: [UInt8] { Array(buffer.readableBytesView) }

    package mutating func write<T: FixedWidthInteger>(integer: T) { buffer.writeInteger(integer) }

    package mutating func write(type: ThriftType) { buffer.writeInteger(type.rawValue) }

    /// Writes the length in bytes and the text.
    package mutating func write(string: String) {
        var text = string
        text.withUTF8 { utf8 in
            buffer.writeInteger(Int32(utf8.count))
            buffer.writeBytes(utf8)
        }
    }

    /// Writes the length and the bytes.
    package mutating func write(binary: [UInt8]) {
        buffer.writeInteger(Int32(binary.count))
        buffer.writeBytes(binary)
    }

    /// Writes a field of a struct: type, id, value.
    package mutating func writeField<Value: ThriftValue>(_ id: Int16, _ value: Value) {
        write(type: Value.thriftType)
        write(integer: id)
        value.write(to: &self)
    }

    /// Ends the fields of a struct.
    package mutating func writeStop() { write(type: .stop) }
}
