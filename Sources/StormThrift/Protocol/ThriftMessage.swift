/// What stands before the arguments or the result of a call.
package struct ThriftMessageHeader: Equatable, Sendable {
    package enum Kind: UInt8, Sendable {
        case call = 1
        case reply = 2
        case exception = 3
        case oneWay = 4
    }

    package var name: String
    package var kind: Kind
    /// Chosen by the caller; the reply carries the same.
    package var sequence: Int32

    package init(_ name: String, _ kind: Kind, _ sequence: Int32) {
        self.name = name
        self.kind = kind
        self.sequence = sequence
    }
}

/// The upper half of the first word of a message with a version.
private let versionOne: UInt32 = 0x8001_0000
private let versionMask: UInt32 = 0xFFFF_0000
/// The longest method name that is read: an old header's first word is this length, and a stray HTTP request or TLS
/// hello must not be taken for one.
private let methodNameBytesMax = 256

extension ThriftReader {
    /// Reads a message header, with version or in the older form without; Storm's servers accept both.
    package mutating func readMessageHeader() throws -> ThriftMessageHeader {
        let word = try readInteger(UInt32.self)
        if word & 0x8000_0000 != 0 {
            guard word & versionMask == versionOne else {
                throw ThriftError(.malformed, "bad version in message header: 0x\(String(word, radix: 16))")
            }
            let kind = try messageKind(UInt8(truncatingIfNeeded: word))
            let name = try readString()
            return ThriftMessageHeader(name, kind, try readInteger())
        }
        guard word <= methodNameBytesMax else {
            throw ThriftError(.malformed, "not a Thrift message: it begins with 0x\(String(word, radix: 16))")
        }
        let name = try readString(byteCount: Int(word))
        let kind = try messageKind(try readInteger())
        return ThriftMessageHeader(name, kind, try readInteger())
    }

    private func messageKind(_ value: UInt8) throws -> ThriftMessageHeader.Kind {
        guard let kind = ThriftMessageHeader.Kind(rawValue: value) else {
            throw ThriftError(.malformed, "unknown message type \(value)")
        }
        return kind
    }
}

extension ThriftWriter {
    /// Writes a header with version.
    package mutating func write(header: ThriftMessageHeader) {
        write(integer: versionOne | UInt32(header.kind.rawValue))
        write(string: header.name)
        write(integer: header.sequence)
    }
}
