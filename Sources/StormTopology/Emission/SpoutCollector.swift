public import StormCore
public import StormWire

/// A spout's way out. One per task; use it only inside the calls of its spout.
///
/// ```swift
/// out.emit(id: .int(line), text)      // tracked: ack or fail follows
/// out.emit(text)                      // untracked
/// ```
public final class SpoutCollector {
    @usableFromInline let emitter: Emitter
    @usableFromInline package let state: UnsafeMutablePointer<EmitterState>
    @usableFromInline let hot: UnsafeMutablePointer<Tracking>
    package let report: (any Error) -> Void
    /// With a retry policy: what is in flight.
    @usableFromInline package internal(set) var retained: RetainedMessages?

    package init(
        _ emitter: Emitter, generation: UInt32, maxPending: Int, timeoutNanoseconds: Int64?,
        report: @escaping (any Error) -> Void
    ) {
        self.emitter = emitter
        state = emitter.state
        hot = .allocate(capacity: 1)
        hot.initialize(
            to: Tracking(
                trees: PendingTrees(task: emitter.task, generation: generation),
                maxPending: min(maxPending, PendingTrees.maxSlots - 1), timeoutNanoseconds: timeoutNanoseconds))
        self.report = report
    }

    deinit {
        hot.deinitialize(count: 1)
        hot.deallocate()
    }

    @inlinable
    package var tracking: UnsafeMutablePointer<Tracking> { hot }

    /// Tracked messages that are neither acked nor failed yet.
    public var pendingCount: Int { hot.pointee.trees.count }

    /// Emits on the default stream, untracked.
    @inlinable
    public func emit<each V: FieldValue>(_ values: repeat each V) {
        emitter.emit(emitter.defaultRoute, RowOfMany(repeat each values))
    }

    /// Emits on the default stream and tracks the message: `ack` or `fail` is called with `id`.
    @inlinable
    public func emit<each V: FieldValue>(id: MessageID, _ values: repeat each V) {
        emitTracked(emitter.defaultRoute, id, RowOfMany(repeat each values))
    }

    @inlinable
    public func emit<each V: FieldValue>(_ stream: OutputStream, _ values: repeat each V) {
        emitter.emit(stream.route, RowOfMany(repeat each values))
    }

    @inlinable
    public func emit<each V: FieldValue>(_ stream: OutputStream, id: MessageID, _ values: repeat each V) {
        emitTracked(stream.route, id, RowOfMany(repeat each values))
    }

    /// Emits to one task of a bolt that subscribes to the stream with the direct grouping.
    public func emitDirect<each V: FieldValue>(
        to task: TaskID, _ stream: OutputStream, id: MessageID? = nil, _ values: repeat each V
    ) {
        var list: [Value] = []
        for value in repeat each values { list.append(Value(encoding: value)) }
        emitSlow(stream.route, id, only: task, ValuesRow(list))
    }

    /// The dynamic form.
    public func emit(values: [Value], stream: OutputStream? = nil, id: MessageID? = nil) {
        emitSlow(stream?.route ?? emitter.defaultRoute, id, only: nil, ValuesRow(values))
    }

    /// An output stream, looked up once: keep it in a property from `open` on.
    public func stream(_ id: StreamID) -> OutputStream { OutputStream(emitter, emitter.route(id)) }

    /// Shows an error to the operator. Rate-limited per task.
    public func reportError(_ error: any Error) { report(error) }

    // MARK: Tracking

    @inlinable
    func emitTracked(_ route: UnsafeMutablePointer<StreamRoute>, _ id: MessageID, _ row: some FieldRow) {
        guard state.pointee.ackerCount > 0 else {
            let refusals = state.pointee.refusals
            emitter.emit(route, row)
            return state.pointee.refusals == refusals ? ackAtOnce(id, route) : refuse(id, route)
        }
        let bytes = BatchLayout.tupleHeaderBytes &+ BatchLayout.anchorBytes &+ row.encodedByteCount
        emitter.aim(route, row)
        let refusals = state.pointee.refusals
        guard let p = emitter.begin(route, bytes, row.fieldCount, anchors: 1) else {
            return state.pointee.refusals == refusals ? startTree(id, nil, 0, route) : refuse(id, route)
        }
        row.encode(at: p + BatchLayout.tupleHeaderBytes + BatchLayout.anchorBytes)
        if route.pointee.isPlaced {
            let edge = state.pointee.newEdge()
            startTree(id, p, edge, route)
            emitter.finish(route, p, bytes)
        } else {
            let root = newRoot(id, route)
            p.put(root, BatchLayout.tupleHeaderBytes)
            if retained != nil { retain(root, route, p, bytes, only: nil) }
            let edges = emitter.distribute(
                route, p, bytes, anchors: UnsafeBufferPointer(start: nil, count: 0), tracked: true)
            recordStart(root, edges, isRefused: state.pointee.refusals != refusals)
        }
    }

    /// Without ackers: the message is acked when `nextTuple` has returned.
    @inlinable
    func ackAtOnce(_ id: MessageID, _ route: UnsafeMutablePointer<StreamRoute>) {
        hot.pointee.ackAtOnce(id)
        route.pointee.acked &+= 1
    }

    /// None of the message's tuples has left: it fails when `nextTuple` has returned.
    @usableFromInline
    func refuse(_ id: MessageID, _ route: UnsafeMutablePointer<StreamRoute>) {
        guard let fault = emitter.faults.take()?.fault else { return }
        report(fault)
        route.pointee.failed += 1
        hot.pointee.refuse(id, fault)
    }

    /// Counts the end of a tracked message of the stream at this position among the spout's own.
    package func countEnd(ofStream stream: UInt16, isAcked: Bool) {
        let route = state.pointee.routes + Int(stream)
        if isAcked { route.pointee.acked += 1 } else { route.pointee.failed += 1 }
    }

    /// What bolts of the same worker said about trees.
    package var notes: FailureNotes? { emitter.notes }

    /// What was noted and belongs to no message.
    package func takeFault() -> (fault: TupleFault, culprits: [Tuple])? {
        state.pointee.hasFault ? emitter.faults.take() : nil
    }

    /// Asks the acker of a tree that took too long where it was last seen, and to forget it.
    package func abandon(_ root: UInt64) { emitter.record(.abandon, root: root, value: 0) }

    /// - Parameter isRefused: not all of the tree's tuples could be emitted: then it fails.
    @usableFromInline
    func recordStart(_ root: UInt64, _ edges: UInt64, isRefused: Bool) {
        guard isRefused else { return emitter.record(.start, root: root, value: edges) }
        // With an edge that nobody acks: a tree without tuples would be complete before it can fail.
        emitter.record(.start, root: root, value: edges ^ (state.pointee.newEdge() | 1))
        emitter.record(.fail, root: root, value: 0, reason: .badEmit)
    }

    /// Opens a tree whose only tuple, if any, is at `p`.
    @inlinable
    func startTree(
        _ id: MessageID, _ p: UnsafeMutableRawPointer?, _ edge: UInt64, _ route: UnsafeMutablePointer<StreamRoute>
    ) {
        let root = newRoot(id, route)
        if let p {
            p.put(root, BatchLayout.tupleHeaderBytes)
            p.put(edge, BatchLayout.tupleHeaderBytes + 8)
        }
        emitter.record(.start, root: root, value: edge)
    }

    @inlinable
    func newRoot(_ id: MessageID, _ route: UnsafeMutablePointer<StreamRoute>) -> UInt64 {
        let root = hot.pointee.start(id, stream: route.pointee.index)
        if hot.pointee.trees.count >= hot.pointee.maxPending { state.pointee.mustStop = true }
        return root
    }

    func emitSlow(_ route: UnsafeMutablePointer<StreamRoute>, _ id: MessageID?, only: TaskID?, _ row: some FieldRow) {
        guard let id, state.pointee.ackerCount > 0 else {
            let refusals = state.pointee.refusals
            emitter.emit(route, anchors: [], only: only, row)
            if let id { state.pointee.refusals == refusals ? ackAtOnce(id, route) : refuse(id, route) }
            return
        }
        let refusals = state.pointee.refusals
        let root = newRoot(id, route)
        let edges = emitter.emitTree(route, root: root, only: only, row) { p, bytes in
            if retained != nil { retain(root, route, p, bytes, only: only) }
        }
        recordStart(root, edges, isRefused: state.pointee.refusals != refusals)
    }
}

extension Emitter {
    /// Emits the first tuples of a tree. - Returns: XOR of their edges.
    /// - Parameter encoded: called with the encoded tuple and its size before it goes to its targets.
    fileprivate func emitTree(
        _ route: UnsafeMutablePointer<StreamRoute>, root: UInt64, only: TaskID?, _ row: some FieldRow,
        encoded: (UnsafeMutableRawPointer, Int) -> Void
    ) -> UInt64 {
        let bytes = BatchLayout.tupleHeaderBytes + BatchLayout.anchorBytes + row.encodedByteCount
        state.pointee.emits += 1
        guard isSound(route, fields: row.fieldCount, bytes: bytes) else { return 0 }
        route.pointee.emitted += 1
        if state.pointee.scratchBytes < bytes { growScratch(bytes) }
        let p = state.pointee.scratch
        writeHeader(p, route, bytes, row.fieldCount, 1)
        p.put(root, BatchLayout.tupleHeaderBytes)
        row.encode(at: p + BatchLayout.tupleHeaderBytes + BatchLayout.anchorBytes)
        encoded(p, bytes)
        return distribute(
            route, p, bytes, anchors: UnsafeBufferPointer(start: nil, count: 0), tracked: true, only: only)
    }
}
