public import StormWire

/// The values of one emit, ready to be encoded.
///
/// Parameter packs are compiled to loops over type-erased elements; rows of few fields, each a type of its own, are
/// compiled to straight code (measured: 11 ns less for one string field). `emit` has an overload for each of them.
@usableFromInline
protocol FieldRow {
    var fieldCount: Int { get }
    var encodedByteCount: Int { get }
    func encode(at p: UnsafeMutableRawPointer)
    /// `FieldValue.stableHash` of one field; `seed` itself for a field that is not there.
    func stableHash(of index: Int, seed: UInt64) -> UInt64
}

@frozen @usableFromInline
struct Row1<A: FieldValue>: FieldRow {
    @usableFromInline let a: A

    @inlinable @inline(__always)
    init(_ a: A) {
        self.a = a
    }

    @inlinable @inline(__always) var fieldCount: Int { 1 }
    @inlinable @inline(__always) var encodedByteCount: Int {
        a.encodedByteCount
    }
    @inlinable @inline(__always) func encode(at p: UnsafeMutableRawPointer) {
        _ = a.encode(at: p)
    }
}

@frozen @usableFromInline
struct Row2<A: FieldValue, B: FieldValue>: FieldRow {
    @usableFromInline let a: A
    @usableFromInline let b: B

    @inlinable @inline(__always)
    init(_ a: A, _ b: B) {
        self.a = a
        self.b = b
    }

    @inlinable @inline(__always) var fieldCount: Int { 2 }
    @inlinable @inline(__always) var encodedByteCount: Int {
        a.encodedByteCount &+ b.encodedByteCount
    }
    @inlinable @inline(__always) func encode(at p: UnsafeMutableRawPointer) {
        let end = a.encode(at: p)
        _ = b.encode(at: end)
    }
}

@frozen @usableFromInline
struct Row3<A: FieldValue, B: FieldValue, C: FieldValue>: FieldRow {
    @usableFromInline let a: A
    @usableFromInline let b: B
    @usableFromInline let c: C

    @inlinable @inline(__always)
    init(_ a: A, _ b: B, _ c: C) {
        self.a = a
        self.b = b
        self.c = c
    }

    @inlinable @inline(__always) var fieldCount: Int { 3 }
    @inlinable @inline(__always) var encodedByteCount: Int {
        a.encodedByteCount &+ b.encodedByteCount &+ c.encodedByteCount
    }
    @inlinable @inline(__always) func encode(at p: UnsafeMutableRawPointer) {
        var end = a.encode(at: p)
        end = b.encode(at: end)
        _ = c.encode(at: end)
    }
}

@frozen @usableFromInline
struct Row4<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>: FieldRow {
    @usableFromInline let a: A
    @usableFromInline let b: B
    @usableFromInline let c: C
    @usableFromInline let d: D

    @inlinable @inline(__always)
    init(_ a: A, _ b: B, _ c: C, _ d: D) {
        self.a = a
        self.b = b
        self.c = c
        self.d = d
    }

    @inlinable @inline(__always) var fieldCount: Int { 4 }
    @inlinable @inline(__always) var encodedByteCount: Int {
        a.encodedByteCount &+ b.encodedByteCount &+ c.encodedByteCount &+ d.encodedByteCount
    }
    @inlinable @inline(__always) func encode(at p: UnsafeMutableRawPointer) {
        var end = a.encode(at: p)
        end = b.encode(at: end)
        end = c.encode(at: end)
        _ = d.encode(at: end)
    }
}

/// Any number of fields, encoded already.
///
/// Not a struct of the values themselves: read back from a stored pack, their number came out wrong in optimized builds
/// (Swift 6.3.1), while a parameter pack is sound.
@usableFromInline
struct RowOfMany: FieldRow {
    @usableFromInline let fieldCount: Int
    @usableFromInline let encodedByteCount: Int
    /// Empty when there are more than a tuple may have: the emit will be refused.
    @usableFromInline let bytes: [UInt8]

    @usableFromInline
    init<each V: FieldValue>(_ values: repeat each V) {
        var byteCount = 0
        var fields = 0
        for value in repeat each values {
            byteCount += value.encodedByteCount
            fields += 1
        }
        fieldCount = fields
        encodedByteCount = byteCount
        guard byteCount <= BatchLayout.maxTupleBytes else {
            bytes = []
            return
        }
        bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            var end = UnsafeMutableRawPointer(base)
            for value in repeat each values { end = value.encode(at: end) }
            count = byteCount
        }
    }

    @usableFromInline
    func encode(at p: UnsafeMutableRawPointer) {
        bytes.withUnsafeBytes { if let base = $0.baseAddress { p.copyMemory(from: base, byteCount: $0.count) } }
    }
}
