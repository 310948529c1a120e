public import StormWire

// Where a stream has one subscription and that looks at values, the target is chosen from the values themselves. So the
// tuple is encoded once, straight into the target's batch, and its bytes need not be read back while they are still on
// their way to the cache.
extension Emitter {
    /// Points a route whose target depends on the values at the target of these.
    @inlinable @inline(__always)
    func aim(_ route: UnsafeMutablePointer<StreamRoute>, _ row: some FieldRow) {
        if route.pointee.isByValue { aimByValue(route, row) }
    }

    @inlinable
    func aimByValue(_ route: UnsafeMutablePointer<StreamRoute>, _ row: some FieldRow) {
        let group = route.pointee.groups
        var hash: UInt64 = 0
        for position in 0..<group.pointee.fieldCount {
            hash = row.stableHash(of: group.pointee.fields[position], seed: hash)
        }
        route.pointee.box = group.pointee.target(hash: hash)
    }
}

extension Row1 {
    @inlinable @inline(__always)
    func stableHash(of index: Int, seed: UInt64) -> UInt64 { index == 0 ? a.stableHash(seed: seed) : seed }
}

extension Row2 {
    @inlinable @inline(__always)
    func stableHash(of index: Int, seed: UInt64) -> UInt64 {
        switch index {
        case 0: a.stableHash(seed: seed)
        case 1: b.stableHash(seed: seed)
        default: seed
        }
    }
}

extension Row3 {
    @inlinable @inline(__always)
    func stableHash(of index: Int, seed: UInt64) -> UInt64 {
        switch index {
        case 0: a.stableHash(seed: seed)
        case 1: b.stableHash(seed: seed)
        case 2: c.stableHash(seed: seed)
        default: seed
        }
    }
}

extension Row4 {
    @inlinable @inline(__always)
    func stableHash(of index: Int, seed: UInt64) -> UInt64 {
        switch index {
        case 0: a.stableHash(seed: seed)
        case 1: b.stableHash(seed: seed)
        case 2: c.stableHash(seed: seed)
        case 3: d.stableHash(seed: seed)
        default: seed
        }
    }
}

extension RowOfMany {
    @usableFromInline
    func stableHash(of index: Int, seed: UInt64) -> UInt64 {
        guard index < fieldCount else { return seed }
        return bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return seed }
            let field = FieldReader.field(index, from: base)
            return StableHash.hash(field, count: FieldReader.byteCount(at: field), seed: seed)
        }
    }
}
