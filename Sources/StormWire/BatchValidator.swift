import StormCore

/// Why a frame from a peer is not usable. The connection is closed with this text in the log.
public struct WireError: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// Checks every length and tag of a frame from outside, so that reading its tuples later needs no checks.
public enum BatchValidator {
    /// - Throws: `WireError` that names the first fault and its offset.
    public static func validate(_ frame: UnsafeRawBufferPointer, schema: Schema) throws(WireError) {
        guard let base = frame.baseAddress, frame.count >= BatchLayout.headerBytes else {
            throw WireError("frame of \(frame.count) bytes is shorter than its header")
        }
        guard Int(base.u32(BatchLayout.lengthOffset)) == frame.count else {
            throw WireError("frame says \(base.u32(BatchLayout.lengthOffset)) bytes but has \(frame.count)")
        }
        guard let kind = BatchKind(rawValue: base.u8(BatchLayout.kindOffset)) else {
            throw WireError("unknown frame kind \(base.u8(BatchLayout.kindOffset))")
        }
        let count = Int(base.u32(BatchLayout.countOffset))
        switch kind {
        case .records: try validateRecords(base, size: frame.count, count: count)
        case .tuples: try validateTuples(base, size: frame.count, count: count, schema: schema)
        }
    }

    private static func validateRecords(_ base: UnsafeRawPointer, size: Int, count: Int) throws(WireError) {
        guard size - BatchLayout.headerBytes == count * AckRecord.byteCount else {
            throw WireError("\(count) ack records do not fit a frame of \(size) bytes")
        }
        for index in 0..<count where AckRecord(at: base + BatchLayout.headerBytes + index * AckRecord.byteCount) == nil
        {
            throw WireError("ack record \(index) has an unknown kind")
        }
    }

    private static func validateTuples(
        _ base: UnsafeRawPointer, size: Int, count: Int, schema: Schema
    ) throws(WireError) {
        var offset = BatchLayout.headerBytes
        // Stream, numbers of anchors and fields, and flags of the last tuple that was checked in full. Most tuples of a
        // batch have the same: of these only the length and the fields are left to check.
        var soundHead = UInt64.max
        for index in 0..<count {
            guard size - offset >= BatchLayout.tupleHeaderBytes else { throw WireError("tuple \(index) is cut off") }
            let p = base + offset
            let length = Int(p.u32(0))
            // Bytes 4 to 9.
            let head = p.u64(2) >> 16
            let isSound = head == soundHead && length <= size - offset && hasPlainFields(p, end: length)
            if !isSound {
                try checkTuple(p, index, offset: offset, room: size - offset, schema)
                soundHead = head
            }
            offset += length
        }
        guard offset == size else { throw WireError("\(size - offset) bytes after the last tuple") }
    }

    /// Whether the fields of the tuple are no lists or maps and end where the tuple ends. The short way: what it refuses
    /// may still be sound.
    @inline(__always)
    private static func hasPlainFields(_ p: UnsafeRawPointer, end: Int) -> Bool {
        var field = BatchLayout.tupleHeaderBytes + Int(p.u16(6)) * BatchLayout.anchorBytes
        for _ in 0..<p.u8(8) {
            guard field < end else { return false }
            let tag = p.u8(field)
            if tag == FieldTag.string || tag == FieldTag.bytes {
                guard end - field >= 5 else { return false }
                field += 5 + Int(p.u32(field + 1))
            } else if tag == FieldTag.int || tag == FieldTag.double {
                field += 9
            } else if tag <= FieldTag.true {
                field += 1
            } else {
                return false
            }
        }
        return field == end
    }

    /// - Parameter room: bytes from the start of the tuple to the end of the frame.
    private static func checkTuple(
        _ p: UnsafeRawPointer, _ index: Int, offset: Int, room: Int, _ schema: Schema
    ) throws(WireError) {
        let length = Int(p.u32(0))
        let fieldsStart = BatchLayout.tupleHeaderBytes + Int(p.u16(6)) * BatchLayout.anchorBytes
        guard length >= fieldsStart, length <= room else {
            throw WireError("tuple \(index) at offset \(offset) has a bad length of \(length) bytes")
        }
        try checkStream(of: p, index, schema)
        guard p.u8(9) == 0 else { throw WireError("tuple \(index): flags \(p.u8(9)) are not for the wire") }
        var field = fieldsStart
        for _ in 0..<p.u8(8) { field = try checkedEnd(of: p, at: field, limit: length, depth: 0) }
        guard field == length else {
            throw WireError("tuple \(index): \(length - field) bytes after its last field")
        }
    }

    /// Field access by the names of the stream is unchecked later, and ticks are made where they are executed.
    private static func checkStream(of p: UnsafeRawPointer, _ index: Int, _ schema: Schema) throws(WireError) {
        let stream = Int(p.u16(4))
        guard stream != TopologyPlan.tickStreamNumber, let fieldCount = schema.fieldCount(ofStream: stream) else {
            throw WireError("tuple \(index): stream \(stream) is unknown or does not travel")
        }
        guard Int(p.u8(8)) == fieldCount else {
            throw WireError("tuple \(index) has \(p.u8(8)) fields, stream \(schema.streams[stream].id) has others")
        }
    }

    /// Offset after the field at `offset`, having checked that all of it is inside `limit`.
    private static func checkedEnd(
        of p: UnsafeRawPointer, at offset: Int, limit: Int, depth: Int
    ) throws(WireError) -> Int {
        guard offset < limit else { throw WireError("a field is cut off") }
        let tag = p.u8(offset)
        switch tag {
        case FieldTag.null, FieldTag.false, FieldTag.true: return offset + 1
        case FieldTag.int, FieldTag.double:
            guard limit - offset >= 9 else { throw WireError("a number is cut off") }
            return offset + 9
        case FieldTag.string, FieldTag.bytes, FieldTag.list, FieldTag.map, FieldTag.bigInteger:
            guard limit - offset >= 5, Int(p.u32(offset + 1)) <= limit - offset - 5 else {
                throw WireError("a field of type \(tag) is cut off")
            }
            let end = offset + 5 + Int(p.u32(offset + 1))
            if tag == FieldTag.list || tag == FieldTag.map {
                try checkContainer(p, tag, at: offset, end: end, depth: depth)
            } else if tag == FieldTag.bigInteger {
                try checkDigits(UnsafeRawBufferPointer(start: p + offset + 5, count: end - offset - 5))
            }
            return end
        default: throw WireError("unknown field type \(tag)")
        }
    }

    /// A child is given a big integer as it stands: it must be nothing else.
    private static func checkDigits(_ text: UnsafeRawBufferPointer) throws(WireError) {
        guard isWholeNumber(text) else { throw WireError("a big integer is no number") }
    }

    /// Decimal digits without leading zeros, perhaps after a `-`.
    static func isWholeNumber(_ text: UnsafeRawBufferPointer) -> Bool {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
        guard let first = digits.first, first != UInt8(ascii: "0") else { return false }
        return digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    private static func checkContainer(
        _ p: UnsafeRawPointer, _ tag: UInt8, at offset: Int, end: Int, depth: Int
    ) throws(WireError) {
        guard depth < Value.maxDepth else { throw WireError("values are nested deeper than \(Value.maxDepth)") }
        guard end - offset >= 9 else { throw WireError("a list or map is cut off") }
        var next = offset + 9
        for _ in 0..<p.u32(offset + 5) {
            if tag == FieldTag.map {
                guard next < end, p.u8(next) == FieldTag.string else { throw WireError("a map key is not a string") }
                next = try checkedEnd(of: p, at: next, limit: end, depth: depth + 1)
            }
            next = try checkedEnd(of: p, at: next, limit: end, depth: depth + 1)
        }
        guard next == end else { throw WireError("a list or map has \(end - next) bytes too many") }
    }
}

extension String {
    /// Whether it can be the digits of a `Value.bigInteger`. O(length).
    package var isWholeNumber: Bool {
        var copy = self
        return copy.withUTF8 { BatchValidator.isWholeNumber(UnsafeRawBufferPointer($0)) }
    }
}
