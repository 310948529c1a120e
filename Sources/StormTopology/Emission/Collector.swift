public import StormCore
public import StormWire

/// A bolt's way out: emit, ack, fail. One per task; use it only inside the calls of its component.
///
/// ```swift
/// out.emit(anchor: tuple, word, count)             // default stream, typed values
/// out.emit("rejected", anchor: tuple, line)         // a named stream
/// out.ack(tuple)
/// ```
public final class Collector {
    @usableFromInline package let emitter: Emitter
    @usableFromInline let state: UnsafeMutablePointer<EmitterState>
    package let report: (any Error, Tuple?) -> Void

    package init(_ emitter: Emitter, report: @escaping (any Error, Tuple?) -> Void) {
        self.emitter = emitter
        state = emitter.state
        self.report = report
    }

    // MARK: Emit

    /// Emits on the default stream, unanchored: if the tuple is lost, nobody replays it.
    @inlinable
    public func emit<each V: FieldValue>(_ values: repeat each V) {
        emitter.emit(emitter.defaultRoute, RowOfMany(repeat each values))
    }

    /// Emits on the default stream, as a child of `anchor`.
    @inlinable
    public func emit<each V: FieldValue>(anchor: Tuple, _ values: repeat each V) {
        emitter.emit(emitter.defaultRoute, anchor: anchor, RowOfMany(repeat each values))
    }

    /// Emits on the default stream, as a child of several tuples (a join, an aggregate).
    public func emit<each V: FieldValue>(anchors: [Tuple], _ values: repeat each V) {
        emitter.emit(emitter.defaultRoute, anchors: anchors, RowOfMany(repeat each values))
    }

    @inlinable
    public func emit<each V: FieldValue>(_ stream: OutputStream, _ values: repeat each V) {
        emitter.emit(stream.route, RowOfMany(repeat each values))
    }

    @inlinable
    public func emit<each V: FieldValue>(_ stream: OutputStream, anchor: Tuple, _ values: repeat each V) {
        emitter.emit(stream.route, anchor: anchor, RowOfMany(repeat each values))
    }

    public func emit<each V: FieldValue>(_ stream: OutputStream, anchors: [Tuple], _ values: repeat each V) {
        emitter.emit(stream.route, anchors: anchors, RowOfMany(repeat each values))
    }

    /// Emits to one task of a bolt that subscribes to the stream with the direct grouping; for any other task nothing is sent.
    public func emitDirect<each V: FieldValue>(
        to task: TaskID, _ stream: OutputStream, anchors: [Tuple] = [], _ values: repeat each V
    ) {
        emitter.emit(stream.route, anchors: anchors, only: task, RowOfMany(repeat each values))
    }

    /// The dynamic form, for values whose types are known only at run time.
    public func emit(values: [Value], stream: OutputStream? = nil, anchors: [Tuple] = []) {
        emitter.emit(stream?.route ?? emitter.defaultRoute, anchors: anchors, values: values)
    }

    /// An output stream, looked up once: keep it in a property from `prepare` on.
    public func stream(_ id: StreamID) -> OutputStream { OutputStream(emitter, emitter.route(id)) }

    // MARK: Settle

    /// Says that the tuple is done, as far as this bolt goes. A second ack or fail of the same tuple does nothing.
    ///
    /// After a fault in the same `execute` (a field that is not there, an emit that was refused) it fails the tuple.
    @inlinable
    public func ack(_ tuple: Tuple) {
        if state.pointee.hasFault { return failForFault(tuple) }
        guard emitter.settle(tuple) else { return }
        countAcked(tuple)
        for index in 0..<tuple.anchorCount {
            let entry = tuple.anchor(index)
            emitter.record(.ack, root: entry.reading.u64(0), value: entry.reading.u64(8))
        }
        if state.pointee.hasHooks { tellAcked(tuple) }
    }

    /// As `ack`, for a tuple that nobody can have settled before; settles faults too. The tuple is named once, so that the
    /// loop around it counts no references.
    @inlinable @inline(__always)
    func ackUnsettled(_ tuple: Tuple) {
        if tuple.anchorCount > 0 || state.pointee.hasHooks || state.pointee.hasFault { return finish(tuple) }
        countAcked(tuple)
    }

    @inlinable @inline(__always)
    func countAcked(_ tuple: Tuple) {
        state.pointee.acked &+= 1
        state.pointee.settled[tuple.streamNumber].acked &+= 1
    }

    @usableFromInline @inline(never)
    func finish(_ tuple: Tuple) {
        if state.pointee.hasFault { settleFault(tuple) } else { ack(tuple) }
    }

    @usableFromInline
    func tellAcked(_ tuple: Tuple) { for hook in emitter.hooks { hook.acked(tuple) } }

    /// Fails all trees that the tuple is part of: their spouts are told at once.
    public func fail(_ tuple: Tuple) { fail(tuple, .explicit) }

    package func fail(_ tuple: Tuple, _ reason: FailureReason) {
        guard emitter.settle(tuple) else { return }
        state.pointee.failed += 1
        state.pointee.settled[tuple.streamNumber].failed += 1
        for index in 0..<tuple.anchorCount {
            emitter.record(.fail, root: tuple.anchor(index).reading.u64(0), value: 0, reason: reason)
        }
        for hook in emitter.hooks { hook.failed(tuple) }
    }

    /// Starts the message timeout of the tuple's trees anew; for work that takes long.
    public func resetTimeout(_ tuple: Tuple) {
        for index in 0..<tuple.anchorCount {
            emitter.record(.resetTimeout, root: tuple.anchor(index).reading.u64(0), value: 0)
        }
    }

    /// Shows an error to the operator without failing anything. Rate-limited per task.
    public func reportError(_ error: any Error) { report(error, nil) }

    /// What `execute` threw: the tuple fails, and unless it is an expected failure the error is reported.
    @usableFromInline
    package func failed(_ tuple: Tuple, _ error: any Error) {
        // What was thrown is most likely about the empty value that stood in for the bad field.
        if state.pointee.hasFault { return settleFault(tuple) }
        fail(tuple, error is FailedError ? .explicit : .threw)
        emitter.notes?.add(error, about: tuple)
        if !(error is FailedError) { report(error, tuple) }
    }
}

/// A basic bolt's way out: what it emits is anchored to the tuple in hand.
@frozen
public struct BasicCollector {
    @usableFromInline let collector: Collector
    @usableFromInline var anchor: Tuple

    @inlinable
    package init(_ collector: Collector, _ anchor: Tuple) {
        self.collector = collector
        self.anchor = anchor
    }

    @inlinable
    public func emit<each V: FieldValue>(_ values: repeat each V) {
        collector.emitter.emit(collector.emitter.defaultRoute, anchor: anchor, RowOfMany(repeat each values))
    }

    @inlinable
    public func emit<each V: FieldValue>(_ stream: OutputStream, _ values: repeat each V) {
        collector.emitter.emit(stream.route, anchor: anchor, RowOfMany(repeat each values))
    }

    public func emitDirect<each V: FieldValue>(to task: TaskID, _ stream: OutputStream, _ values: repeat each V) {
        collector.emitter.emit(stream.route, anchors: [anchor], only: task, RowOfMany(repeat each values))
    }

    public func emit(values: [Value], stream: OutputStream? = nil) {
        collector.emit(values: values, stream: stream, anchors: [anchor])
    }

    public func stream(_ id: StreamID) -> OutputStream { collector.stream(id) }
    public func reportError(_ error: any Error) { collector.reportError(error) }
}

/// A handle of an output stream: its name resolved.
public struct OutputStream {
    // Keeps the memory that `route` points into.
    @usableFromInline let emitter: Emitter
    @usableFromInline let route: UnsafeMutablePointer<StreamRoute>

    init(_ emitter: Emitter, _ route: UnsafeMutablePointer<StreamRoute>) {
        self.emitter = emitter
        self.route = route
    }
}
