/// A type that can be a field of a tuple: it knows its encoded size and writes itself.
///
/// Conformances are inlined into the user's module, so that `emit` with typed values costs no box and no call.
public protocol FieldValue {
    /// Exact bytes that `encode` writes, tag included.
    var encodedByteCount: Int { get }
    /// Writes tag and payload at `p`, which has room for `encodedByteCount`; returns the first byte after.
    func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer
    /// `StableHash` of the bytes that `encode` writes: what fields grouping chooses the task by. There is a general
    /// implementation; one of a type's own must give the same number.
    func stableHash(seed: UInt64) -> UInt64
}

extension Bool: FieldValue {
    @inlinable
    public var encodedByteCount: Int { 1 }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        p.put(self ? FieldTag.true : FieldTag.false, 0)
        return p + 1
    }
}

extension Int: FieldValue {
    @inlinable
    public var encodedByteCount: Int { 9 }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        p.put(FieldTag.int, 0)
        p.put(UInt64(bitPattern: Int64(self)), 1)
        return p + 9
    }
}

extension Int64: FieldValue {
    @inlinable
    public var encodedByteCount: Int { 9 }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer { Int(self).encode(at: p) }
}

extension Int32: FieldValue {
    @inlinable
    public var encodedByteCount: Int { 9 }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer { Int(self).encode(at: p) }
}

extension Double: FieldValue {
    @inlinable
    public var encodedByteCount: Int { 9 }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        p.put(FieldTag.double, 0)
        p.put(bitPattern, 1)
        return p + 9
    }
}

extension String: FieldValue {
    @inlinable
    public var encodedByteCount: Int { 5 + utf8.count }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        // Nearly all strings have their UTF-8 in one piece; the copy of others is made contiguous.
        if let end = utf8.withContiguousStorageIfAvailable({ encodeBytes($0, FieldTag.string, at: p) }) { return end }
        var copy = self
        return copy.withUTF8 { encodeBytes($0, FieldTag.string, at: p) }
    }
}

extension Substring: FieldValue {
    @inlinable
    public var encodedByteCount: Int { 5 + utf8.count }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        // Nearly all strings have their UTF-8 in one piece; the copy of others is made contiguous.
        if let end = utf8.withContiguousStorageIfAvailable({ encodeBytes($0, FieldTag.string, at: p) }) { return end }
        var copy = self
        return copy.withUTF8 { encodeBytes($0, FieldTag.string, at: p) }
    }
}

extension StaticString: FieldValue {
    @inlinable
    public var encodedByteCount: Int { 5 + utf8CodeUnitCount }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        withUTF8Buffer { encodeBytes($0, FieldTag.string, at: p) }
    }
}

/// UTF-8 that its owner vouches for, without a String around it: the cheapest way to emit a piece of a buffer.
///
/// The bytes must be valid UTF-8 and stay in place during the `emit` that uses them.
@frozen
public struct UTF8Slice: FieldValue {
    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>

    @inlinable
    public init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }
    @inlinable
    public var encodedByteCount: Int { 5 + bytes.count }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        encodeBytes(bytes, FieldTag.string, at: p)
    }
}

extension [UInt8]: FieldValue {
    @inlinable
    public var encodedByteCount: Int { 5 + count }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        withUnsafeBufferPointer { encodeBytes($0, FieldTag.bytes, at: p) }
    }
}

/// Any bytes, as a field of type bytes, without an array around them: for text in an unknown encoding.
///
/// The bytes must stay in place during the `emit` that uses them.
@frozen
public struct BytesSlice: FieldValue {
    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>

    @inlinable
    public init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }
    @inlinable
    public var encodedByteCount: Int { 5 + bytes.count }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        encodeBytes(bytes, FieldTag.bytes, at: p)
    }
}

extension Optional: FieldValue where Wrapped: FieldValue {
    @inlinable
    public var encodedByteCount: Int { self?.encodedByteCount ?? 1 }
    @inlinable
    public func encode(at p: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        if let value = self { return value.encode(at: p) }
        p.put(FieldTag.null, 0)
        return p + 1
    }
}

@inlinable @inline(__always)
func encodeBytes(_ bytes: UnsafeBufferPointer<UInt8>, _ tag: UInt8, at p: UnsafeMutableRawPointer)
    -> UnsafeMutableRawPointer
{
    p.put(tag, 0)
    p.put(UInt32(truncatingIfNeeded: bytes.count), 1)
    if let base = bytes.baseAddress { copyBytes(from: UnsafeRawPointer(base), to: p + 5, bytes.count) }
    return p + 5 + bytes.count
}

/// Copies the bytes of a field; short ones in place of a call.
///
/// In steps that never overlap: a small String lies in two words on the stack, and a read across both would have to
/// wait until they have reached the cache (measured: 5 ns for a string of 9 bytes).
@inlinable @inline(__always)
func copyBytes(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int) {
    guard count < 32 else { return target.copyMemory(from: source, byteCount: count) }
    var offset = 0
    while offset &+ 8 <= count {
        target.storeBytes(
            of: source.loadUnaligned(fromByteOffset: offset, as: UInt64.self), toByteOffset: offset, as: UInt64.self)
        offset &+= 8
    }
    if count & 4 != 0 {
        target.storeBytes(
            of: source.loadUnaligned(fromByteOffset: offset, as: UInt32.self), toByteOffset: offset, as: UInt32.self)
        offset &+= 4
    }
    if count & 2 != 0 {
        target.storeBytes(
            of: source.loadUnaligned(fromByteOffset: offset, as: UInt16.self), toByteOffset: offset, as: UInt16.self)
        offset &+= 2
    }
    if count & 1 != 0 {
        target.storeBytes(of: source.load(fromByteOffset: offset, as: UInt8.self), toByteOffset: offset, as: UInt8.self)
    }
}
