import StormWire

/// Where a decoder is within a frame of a child. Positions count from the frame's kind, so that its bytes may move.
struct FrameReader {
    private enum Part {
        /// One message, or none.
        case single
        case numbers
        case ranges
        case emits
        /// `PackedEmits` reads them.
        case packed
    }

    /// Most tuples of a range that are one message.
    private static let pieceMax: UInt64 = 256

    private var part = Part.single
    private var position = 0
    private var end = 0
    /// Of ranges: what is left of the one that is being read.
    private var number: UInt64 = 0
    private var left: UInt64 = 0
    /// Of emits: whether one has been read, and whether a run is open.
    private var isFirst = true
    private var isInRun = false
    private(set) var kind = FrameKind.sync

    var isAtEnd: Bool { position >= end && left == 0 }

    /// - Parameter frame: kind and content.
    mutating func begin(_ frame: UnsafeRawBufferPointer) throws(MultilangError) {
        self = FrameReader()
        guard let first = frame.first, let kind = FrameKind(rawValue: first) else {
            throw MultilangError("there is no frame of kind \(frame.first ?? 0)")
        }
        self.kind = kind
        position = 1
        end = frame.count
        let count = end - position
        switch kind {
        case .message: part = .single
        case .sync: guard count == 0 else { throw MultilangError("a sync frame has \(count) bytes of content") }
        case .credit: guard count == 4 else { throw MultilangError("a credit frame has \(count) bytes, not 4") }
        case .acked, .failed:
            guard count % 8 == 0 else { throw MultilangError("a frame of numbers of 8 bytes has \(count) bytes") }
            part = .numbers
        case .ackedRanges:
            guard count % 16 == 0 else { throw MultilangError("a frame of ranges of 16 bytes has \(count) bytes") }
            part = .ranges
        case .emits: part = .emits
        case .packedEmits: part = .packed
        case .tuples, .next: throw MultilangError("a frame of kind \(first) is not for a child to send")
        }
    }

    /// The whole content, once. Of a message, a sync or credit.
    mutating func content(_ frame: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        defer { position = end }
        return UnsafeRawBufferPointer(rebasing: frame[position..<end])
    }

    /// The next numbers of a frame of numbers or ranges: the first, and how many. Nil: there is none.
    mutating func nextNumbers(_ frame: UnsafeRawBufferPointer) throws(MultilangError) -> (first: UInt64, count: Int)? {
        if part == .numbers {
            guard position < end else { return nil }
            return (take(frame), 1)
        }
        while left == 0 {
            guard position < end else { return nil }
            number = take(frame)
            left = take(frame)
            guard left <= FrameKind.tuplesMax, number <= UInt64.max - left else {
                throw MultilangError("a range has \(left) tuples")
            }
        }
        // Piece by piece: the executor has other work, too.
        let count = min(left, Self.pieceMax)
        defer {
            number += count
            left -= count
        }
        return (number, Int(count))
    }

    private mutating func take(_ frame: UnsafeRawBufferPointer) -> UInt64 {
        defer { position += 8 }
        return UInt64(littleEndian: frame.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    /// The next emit of a frame of emits: its stream (if it is not that of the one before), reference and values.
    /// - Returns: false: there is none.
    mutating func nextEmit(_ frame: UnsafeRawBufferPointer, _ message: inout ChildMessage, _ scratch: inout FieldBuffer)
        throws(MultilangError) -> UnsafeRawBufferPointer?
    {
        guard position < end else { return nil }
        var reader = JSONReader(frame)
        reader.position = position
        if isFirst { try reader.expect(UInt8(ascii: "[")) }
        isFirst = false
        while !isInRun {
            guard try beginRun(&reader, &message, &scratch) else {
                position = end
                return nil
            }
        }
        try reader.expect(UInt8(ascii: "["))
        _ = reader.peek()
        let start = reader.position
        scratch.removeAll()
        try reader.value(into: &scratch)
        let reference = UnsafeRawBufferPointer(rebasing: frame[start..<reader.position])
        try reader.expect(UInt8(ascii: ","))
        guard reader.peek() == UInt8(ascii: "[") else { throw MultilangError("its tuple is not a list") }
        message.fields.removeAll()
        message.fieldCount = try reader.elements(into: &message.fields, depth: 0)
        try reader.expect(UInt8(ascii: "]"))
        if !reader.take(UInt8(ascii: ",")) {
            try endRun(&reader)
        }
        position = reader.position
        return reference
    }

    /// - Returns: false at the frame's end.
    private mutating func beginRun(
        _ reader: inout JSONReader, _ message: inout ChildMessage, _ scratch: inout FieldBuffer
    ) throws(MultilangError) -> Bool {
        if reader.take(UInt8(ascii: "]")) {
            guard reader.peek() == nil else { throw reader.unexpected("there is more after the list of emits") }
            return false
        }
        try reader.expect(UInt8(ascii: "["))
        scratch.removeAll()
        _ = reader.peek()
        try reader.value(into: &scratch)
        let name = scratch
        try message.takeStream(name)
        try reader.expect(UInt8(ascii: ","))
        try reader.expect(UInt8(ascii: "["))
        isInRun = true
        if reader.take(UInt8(ascii: "]")) {
            try reader.expect(UInt8(ascii: "]"))
            _ = reader.take(UInt8(ascii: ","))
            isInRun = false
        }
        return true
    }

    private mutating func endRun(_ reader: inout JSONReader) throws(MultilangError) {
        try reader.expect(UInt8(ascii: "]"))
        try reader.expect(UInt8(ascii: "]"))
        isInRun = false
        if reader.take(UInt8(ascii: ",")) { return }
        try reader.expect(UInt8(ascii: "]"))
        guard reader.peek() == nil else { throw reader.unexpected("there is more after the list of emits") }
        reader.position = end
    }
}

extension ChildMessage {
    /// A stream's name, or null, as a field.
    fileprivate mutating func takeStream(_ field: FieldBuffer) throws(MultilangError) {
        stream.removeAll(keepingCapacity: true)
        let isName = field.bytes.withUnsafeBytes { bytes -> Bool in
            guard let p = bytes.baseAddress else { return false }
            if p.u8(0) == FieldTag.string { stream.append(contentsOf: FieldReader.payload(at: p)) }
            return p.u8(0) == FieldTag.string || p.u8(0) == FieldTag.null
        }
        guard isName else { throw MultilangError("its stream is not a string") }
    }
}
