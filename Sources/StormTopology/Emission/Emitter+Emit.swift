public import StormCore
public import StormWire

extension Emitter {
    /// Settles a tuple once. - Returns: false when it was settled before.
    @inlinable
    package func settle(_ tuple: Tuple) -> Bool {
        let flags = tuple.record.reading.u8(9)
        if flags & BatchLayout.settledFlag != 0 { return false }
        tuple.record.put(flags | BatchLayout.settledFlag, 9)
        return true
    }

    // MARK: Typed values

    /// Unanchored.
    @inlinable
    func emit(_ route: UnsafeMutablePointer<StreamRoute>, _ row: some FieldRow) {
        if route.pointee.kind == .none { return countUnheard(route, row.fieldCount) }
        let bytes = BatchLayout.tupleHeaderBytes &+ row.encodedByteCount
        aim(route, row)
        guard let p = begin(route, bytes, row.fieldCount, anchors: 0) else { return }
        row.encode(at: p + BatchLayout.tupleHeaderBytes)
        finish(route, p, bytes)
    }

    /// Anchored to one tuple.
    @inlinable
    func emit(_ route: UnsafeMutablePointer<StreamRoute>, anchor: Tuple, _ row: some FieldRow) {
        if route.pointee.kind == .none { return countUnheard(route, row.fieldCount, anchor) }
        let anchors = anchor.anchorCount
        let bytes = BatchLayout.tupleHeaderBytes &+ anchors &* BatchLayout.anchorBytes &+ row.encodedByteCount
        aim(route, row)
        guard let p = begin(route, bytes, row.fieldCount, anchors: anchors) else { return blame(anchor) }
        var end = p + BatchLayout.tupleHeaderBytes
        if anchors > 0 {
            // One edge for all roots of the one anchor (reliability.md, section 3). A general route makes its own.
            let edge = route.pointee.isPlaced ? state.pointee.newEdge() : 0
            for index in 0..<anchors {
                let entry = anchor.anchor(index)
                end.put(entry.reading.u64(0), 0)
                end.put(edge, 8)
                entry.put(entry.reading.u64(8) ^ edge, 8)
                end += BatchLayout.anchorBytes
            }
        }
        row.encode(at: end)
        if route.pointee.isPlaced {
            finish(route, p, bytes)
        } else {
            withUnsafePointer(to: anchor) {
                _ = distribute(route, p, bytes, anchors: UnsafeBufferPointer(start: $0, count: 1), tracked: false)
            }
        }
    }

    /// Anchored to several tuples, or to one named task. Not the fast path.
    @usableFromInline
    func emit(
        _ route: UnsafeMutablePointer<StreamRoute>, anchors: [Tuple], only: TaskID? = nil, _ row: some FieldRow
    ) {
        slowEmit(route, anchors, only, row.encodedByteCount, row.fieldCount) { row.encode(at: $0) }
    }

    func emit(
        _ route: UnsafeMutablePointer<StreamRoute>, anchors: [Tuple], only: TaskID? = nil, values: [Value]
    ) {
        let encoded = values.reduce(0) { $0 + $1.encodedByteCount }
        slowEmit(route, anchors, only, encoded, values.count) { start in
            _ = values.reduce(start) { $1.encode(at: $0) }
        }
    }

    private func slowEmit(
        _ route: UnsafeMutablePointer<StreamRoute>, _ anchors: [Tuple], _ only: TaskID?, _ encoded: Int, _ fields: Int,
        _ encode: (UnsafeMutableRawPointer) -> Void
    ) {
        var roots: [UInt64] = []
        for anchor in anchors {
            for index in 0..<anchor.anchorCount {
                let root = anchor.anchor(index).reading.u64(0)
                if !roots.contains(root) { roots.append(root) }
            }
        }
        let bytes = BatchLayout.tupleHeaderBytes + roots.count * BatchLayout.anchorBytes + encoded
        state.pointee.emits += 1
        guard isSound(route, fields: fields, bytes: bytes), hasFewRoots(roots.count) else {
            return anchors.forEach(blame)
        }
        route.pointee.emitted += 1
        if state.pointee.scratchBytes < bytes { growScratch(bytes) }
        let p = state.pointee.scratch
        writeHeader(p, route, bytes, fields, roots.count)
        var end = p + BatchLayout.tupleHeaderBytes
        for root in roots {
            end.put(root, 0)
            end += BatchLayout.anchorBytes
        }
        encode(end)
        anchors.withUnsafeBufferPointer {
            _ = distribute(route, p, bytes, anchors: $0, tracked: false, only: only)
        }
    }

    // MARK: Pieces of the fast path

    /// An emit that nobody subscribes to: counted, not even measured.
    @inlinable @inline(__always)
    func countUnheard(_ route: UnsafeMutablePointer<StreamRoute>, _ fields: Int, _ anchor: Tuple? = nil) {
        state.pointee.emits &+= 1
        guard fields == Int(route.pointee.fieldCount) else {
            refuseFieldCount(route, fields)
            if let anchor { blame(anchor) }
            return
        }
        route.pointee.emitted &+= 1
        route.pointee.unplaced &+= 1
    }

    /// Counts the emit and finds the place to encode it: the target's batch, or the scratch buffer. Writes the header.
    /// - Returns: nil when nobody subscribes, or the emit is refused and noted as a fault.
    @inlinable
    func begin(
        _ route: UnsafeMutablePointer<StreamRoute>, _ bytes: Int, _ fields: Int, anchors: Int
    ) -> UnsafeMutableRawPointer? {
        state.pointee.emits &+= 1
        guard fields == Int(route.pointee.fieldCount) else {
            refuseFieldCount(route, fields)
            return nil
        }
        let p: UnsafeMutableRawPointer
        if route.pointee.isPlaced {
            if route.pointee.box.pointee.limit - route.pointee.box.pointee.cursor < bytes {
                guard isSound(route, fields: fields, bytes: bytes) else { return nil }
                makeRoom(route, bytes)
            }
            p = route.pointee.box.pointee.cursor
        } else {
            if route.pointee.kind == .none {
                route.pointee.emitted &+= 1
                route.pointee.unplaced &+= 1
                return nil
            }
            if state.pointee.scratchBytes < bytes {
                guard isSound(route, fields: fields, bytes: bytes) else { return nil }
                growScratch(bytes)
            }
            p = state.pointee.scratch
        }
        route.pointee.emitted &+= 1
        writeHeader(p, route, bytes, fields, anchors)
        return p
    }

    @inlinable
    func writeHeader(
        _ p: UnsafeMutableRawPointer, _ route: UnsafeMutablePointer<StreamRoute>, _ bytes: Int, _ fields: Int,
        _ anchors: Int
    ) {
        p.put(UInt32(truncatingIfNeeded: bytes), 0)
        p.put(route.pointee.streamNumber, 4)
        p.put(UInt16(truncatingIfNeeded: anchors), 6)
        p.put(UInt16(truncatingIfNeeded: fields), 8)
    }

    /// Makes the encoded tuple part of its batch and moves on to the next target.
    @inlinable
    func finish(_ route: UnsafeMutablePointer<StreamRoute>, _ p: UnsafeMutableRawPointer, _ bytes: Int) {
        if route.pointee.isPlaced {
            let box = route.pointee.box
            box.pointee.cursor = p + bytes
            box.pointee.count &+= 1
            if route.pointee.kind == .turn { route.pointee.box = route.pointee.groups.pointee.passTurn() }
        } else {
            _ = distribute(route, p, bytes, anchors: UnsafeBufferPointer(start: nil, count: 0), tracked: false)
        }
    }
}
