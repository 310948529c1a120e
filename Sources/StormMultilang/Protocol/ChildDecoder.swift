import StormWire

/// Takes messages of a child apart. One per child; a value without I/O.
struct ChildDecoder {
    let serializer: Serializer
    /// Of the channel: the frame that is being read.
    private var frame = FrameReader()
    /// Whether `id` is what a spout calls its message; else it is the number of a tuple that a bolt was given.
    let isSpout: Bool
    private(set) var message = ChildMessage()
    /// Where values are read to that are looked at, or not wanted at all.
    private var scratch = FieldBuffer()
    private var pendingSync = false
    /// Which of the keys were there.
    private var hasCommand = false
    private var pid: Int64?

    init(_ serializer: Serializer, isSpout: Bool) {
        self.serializer = serializer
        self.isSpout = isSpout
    }

    /// - Parameter bytes: one whole message, without its `end` line. `message` then holds what it says.
    mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(MultilangError) {
        message.reset()
        hasCommand = false
        pid = nil
        switch serializer {
        case .json, .channel: try decodeJSON(bytes)
        case .messagePack: try decodePack(bytes)
        }
        if hasCommand { return }
        guard let pid else { throw MultilangError("it has no command") }
        message.kind = .started(pid: Int(pid))
    }

    // MARK: The channel

    /// - Parameter bytes: a whole frame, without its length.
    mutating func beginFrame(_ bytes: UnsafeRawBufferPointer) throws(MultilangError) {
        frame = FrameReader()
        message.reset()
        try frame.begin(bytes)
        // What has no content is one message all the same.
        if frame.kind == .sync { pendingSync = true }
        if frame.kind == .packedEmits { message.kind = .packedEmits }
    }

    /// - Parameter bytes: the frame that was begun. `message` then holds its next message.
    /// - Returns: false: there is none.
    mutating func decodeNext(_ bytes: UnsafeRawBufferPointer) throws(MultilangError) -> Bool {
        switch frame.kind {
        case .message:
            guard !frame.isAtEnd else { return false }
            try decode(frame.content(bytes))
        case .sync:
            guard pendingSync else { return false }
            pendingSync = false
            message.kind = .sync
        case .credit:
            guard !frame.isAtEnd else { return false }
            message.kind = .credit
            message.credit = Int(
                UInt32(littleEndian: frame.content(bytes).loadUnaligned(fromByteOffset: 0, as: UInt32.self)))
        case .acked, .ackedRanges, .failed:
            guard let (number, count) = try frame.nextNumbers(bytes) else { return false }
            message.kind = frame.kind == .failed ? .fail : .ack
            message.tuple = number
            message.tupleCount = count
        case .emits: return try decodeEmit(bytes)
        case .packedEmits, .tuples, .next: return false
        }
        return true
    }

    private mutating func decodeEmit(_ bytes: UnsafeRawBufferPointer) throws(MultilangError) -> Bool {
        guard let reference = try frame.nextEmit(bytes, &message, &scratch) else { return false }
        message.kind = .emit
        message.needsTaskIDs = false
        message.anchors.removeAll(keepingCapacity: true)
        message.id = nil
        try note(isSpout ? .id : .anchors, reference)
        return true
    }

    // MARK: JSON

    private mutating func decodeJSON(_ bytes: UnsafeRawBufferPointer) throws(MultilangError) {
        var reader = JSONReader(bytes)
        guard reader.take(UInt8(ascii: "{")) else { throw MultilangError("it is not an object") }
        if !reader.take(UInt8(ascii: "}")) {
            repeat {
                guard reader.peek() == UInt8(ascii: "\"") else { throw reader.unexpected("a key is not a string") }
                scratch.removeAll()
                try reader.string(into: &scratch)
                let key = scratch.bytes.withUnsafeBytes { ChildMessage.Key(FieldReader.payload(at: $0.baseAddress!)) }
                try reader.expect(UInt8(ascii: ":"))
                if key == .tuple {
                    guard reader.peek() == UInt8(ascii: "[") else { throw MultilangError("its tuple is not a list") }
                    message.fields.removeAll()
                    message.fieldCount = try reader.elements(into: &message.fields, depth: 0)
                } else {
                    _ = reader.peek()
                    let start = reader.position
                    scratch.removeAll()
                    try reader.value(into: &scratch)
                    try note(key, UnsafeRawBufferPointer(rebasing: bytes[start..<reader.position]))
                }
            } while reader.take(UInt8(ascii: ","))
            try reader.expect(UInt8(ascii: "}"))
        }
        guard reader.peek() == nil else { throw reader.unexpected("there is more after the object") }
    }

    // MARK: MessagePack

    private mutating func decodePack(_ bytes: UnsafeRawBufferPointer) throws(MultilangError) {
        var reader = PackReader(bytes)
        guard case .map(let count) = try reader.head() else { throw MultilangError("it is not a map") }
        for _ in 0..<count {
            let key: ChildMessage.Key?
            switch try reader.head() {
            case .string(let length), .binary(let length): key = ChildMessage.Key(try reader.content(length))
            default: throw reader.unexpected("a key is not a string")
            }
            if key == .tuple {
                guard case .list(let length) = try reader.head() else {
                    throw MultilangError("its tuple is not a list")
                }
                message.fields.removeAll()
                try reader.elements(length, into: &message.fields, depth: 0)
                message.fieldCount = length
            } else {
                let start = reader.position
                scratch.removeAll()
                try reader.value(into: &scratch)
                try note(key, UnsafeRawBufferPointer(rebasing: bytes[start..<reader.position]))
            }
        }
    }

    // MARK: Members

    /// Notes the value in `scratch`. - Parameter raw: its bytes as the child wrote them.
    private mutating func note(_ key: ChildMessage.Key?, _ raw: UnsafeRawBufferPointer) throws(MultilangError) {
        guard let key else { return }
        // Moved out meanwhile, so that it and the message can be used side by side.
        let value = scratch
        scratch = FieldBuffer()
        defer { scratch = value }
        do {
            try value.bytes.withUnsafeBytes { bytes in
                guard let p = bytes.baseAddress else { return }
                try note(key, UnsafeRawPointer(p), raw)
            }
        } catch let error as MultilangError {
            throw error
        } catch {
            throw MultilangError("\(error)")
        }
    }

    private mutating func note(
        _ key: ChildMessage.Key, _ value: UnsafeRawPointer, _ raw: UnsafeRawBufferPointer
    ) throws(MultilangError) {
        let tag = value.u8(0)
        let isText = tag == FieldTag.string || tag == FieldTag.bytes
        switch key {
        case .command:
            guard isText else { throw MultilangError("its command is not a string") }
            hasCommand = true
            message.kind = ChildMessage.kind(named: FieldReader.payload(at: value))
        case .pid: if tag == FieldTag.int { pid = Int64(bitPattern: value.u64(1)) }
        case .credit:
            guard tag == FieldTag.int, case let credit = Int64(bitPattern: value.u64(1)), credit > 0,
                credit <= Int64(FrameKind.tuplesMax)
            else { throw MultilangError("its credit is not a number from 1 to \(FrameKind.tuplesMax)") }
            message.credit = Int(credit)
        case .id:
            if isSpout { message.id = Self.id(value, raw) } else { message.tuple = Self.number(value) }
        case .anchors: try noteAnchors(value)
        case .stream:
            if isText {
                message.stream.append(contentsOf: FieldReader.payload(at: value))
            } else if tag != FieldTag.null {
                throw MultilangError("its stream is not a string")
            }
        case .task:
            if tag == FieldTag.int {
                message.task = Int64(bitPattern: value.u64(1))
            } else if tag != FieldTag.null {
                throw MultilangError("its task is not a whole number")
            }
        case .needTaskIDs: message.needsTaskIDs = tag != FieldTag.false
        case .message, .name: message.text = isText ? FieldReader.string(at: value) : "\(Value(at: value))"
        case .level: if tag == FieldTag.int { message.level = Int64(bitPattern: value.u64(1)) }
        case .metric: message.metric.value = Self.metric(value)
        case .metricKind:
            let kind = isText ? FieldReader.string(at: value) : ""
            message.metric.kind = kind == "counter" ? .counter : kind == "gauge" ? .gauge : nil
        case .tuple: break
        }
    }

    private static func metric(_ value: UnsafeRawPointer) -> ChildMessage.Metric.Value {
        switch value.u8(0) {
        case FieldTag.null: .none
        case FieldTag.int: .int(Int64(bitPattern: value.u64(1)))
        case FieldTag.double: .double(Double(bitPattern: value.u64(1)))
        default: .other
        }
    }

    private mutating func noteAnchors(_ value: UnsafeRawPointer) throws(MultilangError) {
        switch value.u8(0) {
        case FieldTag.null: break
        case FieldTag.list:
            var next = value + 9
            for _ in 0..<Int(value.u32(5)) {
                guard let number = Self.number(next) else { throw MultilangError("an anchor is no tuple's id") }
                message.anchors.append(number)
                next += FieldReader.byteCount(at: next)
            }
        default:
            guard let number = Self.number(value) else { throw MultilangError("its anchor is no tuple's id") }
            message.anchors.append(number)
        }
    }

    /// Our number of a tuple: the decimal text of it, or a number, as some libraries make of it.
    private static func number(_ value: UnsafeRawPointer) -> UInt64? {
        switch value.u8(0) {
        case FieldTag.int: return UInt64(exactly: Int64(bitPattern: value.u64(1)))
        case FieldTag.string, FieldTag.bytes:
            let text = FieldReader.payload(at: value)
            guard !text.isEmpty, text.count <= 19 else { return nil }
            var number: UInt64 = 0
            for byte in text {
                let digit = byte &- UInt8(ascii: "0")
                guard digit < 10 else { return nil }
                number = number * 10 + UInt64(digit)
            }
            return number
        default: return nil
        }
    }

    /// What a spout calls a message; nil: it wants no ack.
    private static func id(_ value: UnsafeRawPointer, _ raw: UnsafeRawBufferPointer) -> ChildID? {
        switch value.u8(0) {
        case FieldTag.null: nil
        case FieldTag.int: .int(Int64(bitPattern: value.u64(1)))
        case FieldTag.string:
            // A text that had to be mended would not be given back as it came.
            raw.contains(UInt8(ascii: "\\")) ? .other(Array(raw)) : .text(FieldReader.string(at: value))
        default: .other(Array(raw))
        }
    }
}
