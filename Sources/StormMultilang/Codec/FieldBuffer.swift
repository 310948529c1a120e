import StormWire

/// Encoded fields in the making: what a child emits goes from its text straight into the form that a tuple has in a batch.
///
/// The bytes are those of `FieldTag`. A value type that is used again and again, so that nothing is allocated per tuple.
struct FieldBuffer {
    private(set) var bytes: [UInt8] = []

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
    var position: Int { bytes.count }

    /// Forgets what was written after `position`.
    mutating func rewind(to position: Int) { bytes.removeLast(bytes.count - position) }

    mutating func null() { bytes.append(FieldTag.null) }
    mutating func bool(_ value: Bool) { bytes.append(value ? FieldTag.true : FieldTag.false) }

    mutating func int(_ value: Int64) {
        bytes.append(FieldTag.int)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A whole number that 64 bits do not hold. - Parameter digits: of its magnitude, decimal.
    mutating func bigInteger(isNegative: Bool, _ digits: UnsafeRawBufferPointer) {
        let start = beginText(FieldTag.bigInteger)
        if isNegative { append(UInt8(ascii: "-")) }
        // Equal numbers have equal bytes, and go to the same task.
        append(UnsafeRawBufferPointer(rebasing: digits.drop { $0 == UInt8(ascii: "0") }))
        endText(start, isASCII: true)
    }

    mutating func double(_ value: Double) {
        bytes.append(FieldTag.double)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    // MARK: Text

    /// Opens a string or bytes field; its bytes follow by `append`. - Returns: where it starts, for `endText`.
    mutating func beginText(_ tag: UInt8 = FieldTag.string) -> Int {
        bytes.append(tag)
        bytes.append(contentsOf: [0, 0, 0, 0])
        return bytes.count - 5
    }

    mutating func append(_ run: UnsafeRawBufferPointer) { bytes.append(contentsOf: run) }
    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    mutating func append(_ scalar: Unicode.Scalar) {
        for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { bytes.append(unit) }
    }

    /// - Parameter isASCII: else the bytes are checked, and what is not UTF-8 is replaced.
    mutating func endText(_ start: Int, isASCII: Bool) {
        if !isASCII { repair(from: start + 5) }
        patch(UInt32(bytes.count - start - 5), at: start + 1)
    }

    private mutating func repair(from start: Int) {
        let isSound = bytes.withUnsafeBytes { all in
            String(validating: UnsafeRawBufferPointer(rebasing: all[start...]), as: UTF8.self) != nil
        }
        guard !isSound else { return }
        let repaired = String(decoding: bytes[start...], as: UTF8.self)
        bytes.removeLast(bytes.count - start)
        bytes.append(contentsOf: repaired.utf8)
    }

    mutating func text(_ value: String) {
        let start = beginText()
        bytes.append(contentsOf: value.utf8)
        endText(start, isASCII: true)
    }

    // MARK: Containers

    /// Opens a list or map. - Returns: where it starts, for its end.
    mutating func beginContainer(_ tag: UInt8) -> Int {
        bytes.append(tag)
        bytes.append(contentsOf: [0, 0, 0, 0, 0, 0, 0, 0])
        return bytes.count - 9
    }

    mutating func endList(_ start: Int, count: Int) {
        patch(UInt32(bytes.count - start - 5), at: start + 1)
        patch(UInt32(count), at: start + 5)
    }

    /// One entry of a map as it was written.
    struct Entry {
        /// Where its key field starts, and its value field.
        let key: Int
        let value: Int
        /// Where it ends.
        let end: Int
    }

    /// Closes a map: entries in the order of their keys, of equal keys the last one, as `Value` has them.
    mutating func endMap(_ start: Int, entries: [Entry]) {
        var count = entries.count
        if !isSorted(entries) {
            let kept = sorted(entries)
            count = kept.count
            var content: [UInt8] = []
            for entry in kept { content.append(contentsOf: bytes[entry.key..<entry.end]) }
            bytes.removeLast(bytes.count - (start + 9))
            bytes.append(contentsOf: content)
        }
        patch(UInt32(bytes.count - start - 5), at: start + 1)
        patch(UInt32(count), at: start + 5)
    }

    private func key(_ entry: Entry) -> String { String(decoding: bytes[(entry.key + 5)..<entry.value], as: UTF8.self) }

    private func isSorted(_ entries: [Entry]) -> Bool {
        guard entries.count > 1 else { return true }
        var last = key(entries[0])
        for entry in entries.dropFirst() {
            let next = key(entry)
            guard last < next else { return false }
            last = next
        }
        return true
    }

    private func sorted(_ entries: [Entry]) -> [Entry] {
        var last: [String: Entry] = [:]
        for entry in entries { last[key(entry)] = entry }
        return last.sorted { $0.key < $1.key }.map(\.value)
    }

    private mutating func patch(_ value: UInt32, at offset: Int) {
        bytes[offset] = UInt8(truncatingIfNeeded: value)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: value >> 8)
        bytes[offset + 2] = UInt8(truncatingIfNeeded: value >> 16)
        bytes[offset + 3] = UInt8(truncatingIfNeeded: value >> 24)
    }
}
