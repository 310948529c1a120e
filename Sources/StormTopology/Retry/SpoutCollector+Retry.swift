public import StormCore
import StormWire

extension SpoutCollector {
    /// Keeps every tracked message until it is acked or taken out, so that it can be emitted again. Before the routes are
    /// resolved: all tracked emits leave the fast path, and that of other spouts costs nothing.
    package func keepMessages(bytesMax: Int) {
        retained = RetainedMessages(bytesMax: bytesMax)
        emitter.keepsMessages = true
    }

    /// Keeps the message whose encoded tuple, with one anchor, is at `p`.
    @usableFromInline
    func retain(
        _ root: UInt64, _ route: UnsafeMutablePointer<StreamRoute>, _ p: UnsafeMutableRawPointer, _ bytes: Int,
        only: TaskID?
    ) {
        guard let retained else { return }
        let header = BatchLayout.tupleHeaderBytes + BatchLayout.anchorBytes
        retained.keep(
            PendingTrees.slot(of: root), stream: route - state.pointee.routes,
            fieldCount: Int(p.reading.u8(8)), only: only,
            fields: UnsafeRawBufferPointer(start: p + header, count: bytes - header))
        if retained.isFull { state.pointee.mustStop = true }
    }

    /// Emits a message again as a new tree under the same id. Nothing is kept: whoever calls has the payload.
    /// - Returns: the root id of the new tree.
    package func emitAgain(_ payload: MessagePayload, id: MessageID) -> UInt64 {
        let refusals = state.pointee.refusals
        let route = state.pointee.routes + payload.stream
        let root = newRoot(id, route)
        let edges = emitter.emitTree(route, root: root, payload)
        recordStart(root, edges, isRefused: state.pointee.refusals != refusals)
        return root
    }

    /// Names of the fields of the stream at a position among the spout's own.
    package func stream(at index: Int) -> StreamDescription { emitter.streams[index] }
    /// Position of a stream among the spout's own; nil when it has none of that name.
    package func position(of stream: StreamID) -> Int? { emitter.streams.firstIndex { $0.id == stream } }
}

extension Emitter {
    /// Emits the first tuples of a tree from encoded fields. - Returns: XOR of their edges.
    fileprivate func emitTree(
        _ route: UnsafeMutablePointer<StreamRoute>, root: UInt64, _ payload: MessagePayload
    ) -> UInt64 {
        let header = BatchLayout.tupleHeaderBytes + BatchLayout.anchorBytes
        let bytes = header + payload.fields.count
        state.pointee.emits += 1
        route.pointee.emitted += 1
        if state.pointee.scratchBytes < bytes { growScratch(bytes) }
        let p = state.pointee.scratch
        writeHeader(p, route, bytes, payload.fieldCount, 1)
        p.put(root, BatchLayout.tupleHeaderBytes)
        payload.fields.withUnsafeBytes { fields in
            if let base = fields.baseAddress { (p + header).copyMemory(from: base, byteCount: fields.count) }
        }
        return distribute(
            route, p, bytes, anchors: UnsafeBufferPointer(start: nil, count: 0), tracked: true, only: payload.only)
    }
}

extension PendingTrees {
    /// Position in the table that a tree has, or had.
    package static func slot(of root: UInt64) -> Int { Int(root & (1 << slotBits - 1)) }
}
