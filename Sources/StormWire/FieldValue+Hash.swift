// `StableHash` of values that are not encoded yet. Each gives what the encoded bytes would; tests compare them.

extension FieldValue {
    /// Encodes into a temporary buffer.
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 {
        let count = encodedByteCount
        // It will not be emitted.
        guard count <= BatchLayout.maxTupleBytes else { return seed }
        return withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { buffer in
            guard let p = buffer.baseAddress else { return seed }
            _ = encode(at: p)
            return StableHash.hash(p, count: count, seed: seed)
        }
    }
}

extension Bool {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 {
        StableHash.hashField(self ? FieldTag.true : FieldTag.false, seed: seed)
    }
}

extension Int {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 {
        StableHash.hashField(FieldTag.int, UInt64(bitPattern: Int64(self)), seed: seed)
    }
}

extension Int64 {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 { Int(self).stableHash(seed: seed) }
}

extension Int32 {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 { Int(self).stableHash(seed: seed) }
}

extension Double {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 { StableHash.hashField(FieldTag.double, bitPattern, seed: seed) }
}

extension String {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 {
        if let hash = utf8.withContiguousStorageIfAvailable({
            StableHash.hashField(FieldTag.string, $0, seed: seed)
        }) {
            return hash
        }
        var copy = self
        return copy.withUTF8 { StableHash.hashField(FieldTag.string, $0, seed: seed) }
    }
}

extension Substring {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 {
        if let hash = utf8.withContiguousStorageIfAvailable({
            StableHash.hashField(FieldTag.string, $0, seed: seed)
        }) {
            return hash
        }
        var copy = self
        return copy.withUTF8 { StableHash.hashField(FieldTag.string, $0, seed: seed) }
    }
}

extension StaticString {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 {
        withUTF8Buffer { StableHash.hashField(FieldTag.string, $0, seed: seed) }
    }
}

extension UTF8Slice {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 { StableHash.hashField(FieldTag.string, bytes, seed: seed) }
}

extension [UInt8] {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 {
        withUnsafeBufferPointer { StableHash.hashField(FieldTag.bytes, $0, seed: seed) }
    }
}

extension BytesSlice {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 { StableHash.hashField(FieldTag.bytes, bytes, seed: seed) }
}

extension Optional where Wrapped: FieldValue {
    @inlinable
    public func stableHash(seed: UInt64) -> UInt64 {
        self?.stableHash(seed: seed) ?? StableHash.hashField(FieldTag.null, seed: seed)
    }
}
