import StormWire

/// One emit of a frame of packed ones.
struct PackedEmit {
    /// A bolt's anchors, or a spout's id of the message.
    enum Reference {
        case none
        case number(Int64)
        case text(String)
        case list([UInt64])
    }

    let reference: Reference
    /// UTF-8; empty: the default stream.
    let stream: [UInt8]
    /// Encoded, in place during the call that has got them.
    let fields: UnsafeRawBufferPointer
    let fieldCount: Int

    /// What is to be done after it.
    enum Verdict {
        case goOn
        /// The rest has to wait.
        case pause
        /// The child is to be ended for it.
        case condemn(String)
    }
}

/// Takes frames of packed emits apart; see `FrameKind.packedEmits`.
///
/// Works through a whole frame in one call, on memory of its own: nothing is allocated for an emit of ASCII text and numbers on
/// the default stream. Positions count from the frame's kind, so that its bytes may move between two calls.
struct PackedEmits: ~Copyable {
    private var position = 0
    private var end = 0
    private var stream: [UInt8] = []
    private var fields = FieldSpace()

    var isAtEnd: Bool { position >= end }

    /// - Parameter count: of the frame's bytes, its kind among them.
    mutating func begin(_ count: Int) {
        position = 1
        end = count
        stream.removeAll()
    }

    /// Forgets what is left.
    mutating func removeAll() { end = 0 }

    /// Gives `body` the next emits, at most `limit`.
    /// - Parameter frame: the one that was begun.
    /// - Returns: how many there were, and why the child has to be ended, if it has to.
    mutating func each(
        _ frame: UnsafeRawBufferPointer, limit: Int, _ body: (PackedEmit) -> PackedEmit.Verdict
    ) throws(MultilangError) -> (count: Int, fault: String?) {
        var count = 0
        while position < end, count < limit {
            guard let emit = try next(frame) else { continue }
            count += 1
            switch body(emit) {
            case .goOn: continue
            case .pause: return (count, nil)
            case .condemn(let fault): return (count, fault)
            }
        }
        return (count, nil)
    }

    /// - Returns: nil: a stream's name for those that follow.
    private mutating func next(_ frame: UnsafeRawBufferPointer) throws(MultilangError) -> PackedEmit? {
        switch try tag(frame) {
        case .tuple: break
        case .null:
            stream = []
            return nil
        case .string, .interned:
            stream = Array(try text(frame))
            return nil
        default: throw wrong("neither an emit nor a stream's name")
        }
        guard try u32(frame) == 2 else { throw wrong("an emit is a pair") }
        let reference = try reference(frame)
        let list = try tag(frame)
        guard list == .list || list == .tuple else { throw MultilangError("its tuple is not a list") }
        let fieldCount = Int(try u32(frame))
        fields.removeAll()
        for _ in 0..<fieldCount { try value(frame) }
        return PackedEmit(reference: reference, stream: stream, fields: fields.bytes, fieldCount: fieldCount)
    }

    private mutating func reference(_ frame: UnsafeRawBufferPointer) throws(MultilangError) -> PackedEmit.Reference {
        switch try tag(frame) {
        case .null: return .none
        case .int: return .number(Int64(Int32(bitPattern: try u32(frame))))
        case .long: return .number(try long(frame))
        case .string, .interned: return .text(String(decoding: try text(frame), as: UTF8.self))
        case .list, .tuple:
            var numbers: [UInt64] = []
            for _ in 0..<Int(try u32(frame)) { numbers.append(try anchor(frame)) }
            return .list(numbers)
        default: throw wrong("this is no reference")
        }
    }

    private mutating func anchor(_ frame: UnsafeRawBufferPointer) throws(MultilangError) -> UInt64 {
        let number: Int64
        switch try tag(frame) {
        case .int: number = Int64(Int32(bitPattern: try u32(frame)))
        case .long: number = try long(frame)
        default: throw wrong("an anchor is no tuple's id")
        }
        guard let anchor = UInt64(exactly: number) else { throw wrong("an anchor is no tuple's id") }
        return anchor
    }

    private mutating func value(_ frame: UnsafeRawBufferPointer) throws(MultilangError) {
        switch try tag(frame) {
        case .null: fields.null()
        case .true: fields.bool(true)
        case .false: fields.bool(false)
        case .int: fields.int(Int64(Int32(bitPattern: try u32(frame))))
        case .long: fields.int(try long(frame))
        case .double: fields.double(Double(bitPattern: try u64(frame)))
        case .string, .interned: fields.string(try text(frame))
        case .list, .tuple: throw wrong("a value is a list, which is not packed")
        }
    }

    // MARK: Pieces

    private enum Tag: UInt8 {
        case null = 0x4E  // N
        case `true` = 0x54  // T
        case `false` = 0x46  // F
        case int = 0x69  // i
        case long = 0x6C  // l
        case double = 0x67  // g
        case string = 0x75  // u
        case interned = 0x74  // t
        case list = 0x5B  // [
        case tuple = 0x28  // (
    }

    private func wrong(_ what: String) -> MultilangError { MultilangError("\(what), at byte \(position)") }

    /// The place of the next `count` bytes.
    private mutating func take(
        _ frame: UnsafeRawBufferPointer, _ count: Int
    ) throws(MultilangError) -> UnsafeRawPointer {
        guard end - position >= count, let base = frame.baseAddress else { throw wrong("it ends within a value") }
        defer { position += count }
        return base + position
    }

    private mutating func tag(_ frame: UnsafeRawBufferPointer) throws(MultilangError) -> Tag {
        let byte = try take(frame, 1).u8(0)
        guard let tag = Tag(rawValue: byte) else { throw wrong("there is no packed value of kind \(byte)") }
        return tag
    }

    private mutating func u32(_ frame: UnsafeRawBufferPointer) throws(MultilangError) -> UInt32 {
        try take(frame, 4).u32(0)
    }

    private mutating func u64(_ frame: UnsafeRawBufferPointer) throws(MultilangError) -> UInt64 {
        try take(frame, 8).u64(0)
    }

    private mutating func text(_ frame: UnsafeRawBufferPointer) throws(MultilangError) -> UnsafeRawBufferPointer {
        let count = Int(try u32(frame))
        return UnsafeRawBufferPointer(start: try take(frame, count), count: count)
    }

    /// How many digits of 15 bits, negative for a negative number; then these, the lowest first. A number that 64 bits do not hold
    /// is not packed: in decimal digits it would cost the square of its length.
    private mutating func long(_ frame: UnsafeRawBufferPointer) throws(MultilangError) -> Int64 {
        let size = Int(Int32(bitPattern: try u32(frame)))
        let count = abs(size)
        let digits = try take(frame, 2 * count)
        guard count <= 5 else { throw wrong("a packed number has more than 64 bits") }
        // At most 75 bits.
        var magnitude: UInt64 = 0
        var fits = true
        for index in (0..<count).reversed() {
            let digit = UInt64(digits.u16(2 * index))
            guard digit < 1 << 15 else { throw wrong("a digit has more than 15 bits") }
            if magnitude >> 49 != 0 { fits = false }
            magnitude = magnitude << 15 | digit
        }
        if fits, size >= 0, let value = Int64(exactly: magnitude) { return value }
        if fits, size < 0, magnitude <= UInt64(Int64.max) + 1 { return Int64(truncatingIfNeeded: 0 &- magnitude) }
        throw wrong("a packed number has more than 64 bits")
    }
}
