import StormWire

/// Memory for the encoded fields of one emit, used again for the next one.
///
/// Takes what `FieldBuffer` takes, without its checks per byte: for frames, where one value follows the other by the
/// thousand.
struct FieldSpace: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity = 1024
    private var count = 0

    init() { base = .allocate(byteCount: capacity, alignment: 8) }
    deinit { base.deallocate() }

    mutating func removeAll() { count = 0 }

    /// Stay in place until the next change.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// The place of the next `size` bytes.
    private mutating func room(_ size: Int) -> UnsafeMutableRawPointer {
        if capacity - count < size { grow(size) }
        defer { count += size }
        return base + count
    }

    private mutating func grow(_ size: Int) {
        capacity = max(2 * capacity, count + size)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        larger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = larger
    }

    mutating func null() { room(1).put(FieldTag.null, 0) }
    mutating func bool(_ value: Bool) { room(1).put(value ? FieldTag.true : FieldTag.false, 0) }

    mutating func int(_ value: Int64) {
        let place = room(9)
        place.put(FieldTag.int, 0)
        place.put(UInt64(bitPattern: value), 1)
    }

    mutating func double(_ value: Double) {
        let place = room(9)
        place.put(FieldTag.double, 0)
        place.put(value.bitPattern, 1)
    }

    /// - Parameter text: what is not UTF-8 in it is replaced.
    mutating func string(_ text: UnsafeRawBufferPointer) {
        guard Self.isUTF8(text) else {
            var repaired = String(decoding: text, as: UTF8.self)
            return repaired.withUTF8 { sound(UnsafeRawBufferPointer($0)) }
        }
        sound(text)
    }

    private mutating func sound(_ text: UnsafeRawBufferPointer) {
        let place = room(5 + text.count)
        place.put(FieldTag.string, 0)
        place.put(UInt32(truncatingIfNeeded: text.count), 1)
        if let start = text.baseAddress { (place + 5).copyMemory(from: start, byteCount: text.count) }
    }

    private static func isUTF8(_ text: UnsafeRawBufferPointer) -> Bool {
        var high: UInt8 = 0
        for byte in text { high |= byte }
        return high < 0x80 || String(validating: text, as: UTF8.self) != nil
    }
}
