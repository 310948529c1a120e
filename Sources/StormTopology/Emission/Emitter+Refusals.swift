import StormCore
import StormWire

// Emits that cannot be carried out: noted as faults of the task, so that the trees concerned fail and nothing else does.
extension Emitter {
    var streamNames: String { streams.isEmpty ? "no output" : streams.map(\.id.name).joined(separator: ", ") }

    func refuse(_ message: String, anchors: UnsafeBufferPointer<Tuple> = UnsafeBufferPointer(start: nil, count: 0)) {
        state.pointee.refusals += 1
        faults.note(TupleFault(.badEmit, message), Array(anchors))
    }

    /// Has the trees fail that a refused emit was anchored to.
    @usableFromInline
    func blame(_ anchor: Tuple) { faults.blame(anchor) }

    /// Whether a tuple of so many fields and bytes can be emitted; if not, that is noted.
    @usableFromInline
    func isSound(_ route: UnsafeMutablePointer<StreamRoute>, fields: Int, bytes: Int) -> Bool {
        guard fields == Int(route.pointee.fieldCount) else {
            refuseFieldCount(route, fields)
            return false
        }
        if bytes <= BatchLayout.maxTupleBytes { return true }
        refuse(
            "component '\(component)' emitted a tuple of \(bytes) bytes on stream '\(name(route))'; at most "
                + "\(BatchLayout.maxTupleBytes) bytes, and values nested \(Value.maxDepth) deep, are possible")
        return false
    }

    /// Whether the number of trees that a tuple is anchored to can be written down; if not, that is noted.
    func hasFewRoots(_ count: Int) -> Bool {
        if count <= Int(UInt16.max) { return true }
        refuse("component '\(component)' anchored a tuple to \(count) trees; at most \(UInt16.max) are possible")
        return false
    }

    @usableFromInline
    func refuseFieldCount(_ route: UnsafeMutablePointer<StreamRoute>, _ count: Int) {
        guard route - state.pointee.routes < routeCount else {
            return refuse(
                "component '\(component)' emitted on a stream that it does not declare; it declares: \(streamNames)")
        }
        let stream = streams[route - state.pointee.routes]
        refuse(
            "component '\(component)' emitted \(count) values on stream '\(stream.id)', which has \(stream.fields.count) "
                + "fields: \(stream.fields.joined(separator: ", "))")
    }

    private func name(_ route: UnsafeMutablePointer<StreamRoute>) -> String {
        streams[route - state.pointee.routes].id.name
    }
}
