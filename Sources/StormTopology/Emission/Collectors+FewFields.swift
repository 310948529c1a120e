public import StormWire

// `emit` with one to four values, in straight code (see `FieldRow`). Each means the same as its namesake with a parameter
// pack, which takes any number of values.

extension SpoutCollector {
    /// Emits on the default stream, untracked.
    @inlinable
    public func emit<A: FieldValue>(_ a: A) {
        emitter.emit(emitter.defaultRoute, Row1(a))
    }

    /// Emits on the default stream and tracks the message: `ack` or `fail` is called with `id`.
    @inlinable
    public func emit<A: FieldValue>(id: MessageID, _ a: A) {
        emitTracked(emitter.defaultRoute, id, Row1(a))
    }

    @inlinable
    public func emit<A: FieldValue>(_ stream: OutputStream, _ a: A) {
        emitter.emit(stream.route, Row1(a))
    }

    @inlinable
    public func emit<A: FieldValue>(_ stream: OutputStream, id: MessageID, _ a: A) {
        emitTracked(stream.route, id, Row1(a))
    }

    /// Emits on the default stream, untracked.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(_ a: A, _ b: B) {
        emitter.emit(emitter.defaultRoute, Row2(a, b))
    }

    /// Emits on the default stream and tracks the message: `ack` or `fail` is called with `id`.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(id: MessageID, _ a: A, _ b: B) {
        emitTracked(emitter.defaultRoute, id, Row2(a, b))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(_ stream: OutputStream, _ a: A, _ b: B) {
        emitter.emit(stream.route, Row2(a, b))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(_ stream: OutputStream, id: MessageID, _ a: A, _ b: B) {
        emitTracked(stream.route, id, Row2(a, b))
    }

    /// Emits on the default stream, untracked.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(_ a: A, _ b: B, _ c: C) {
        emitter.emit(emitter.defaultRoute, Row3(a, b, c))
    }

    /// Emits on the default stream and tracks the message: `ack` or `fail` is called with `id`.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(id: MessageID, _ a: A, _ b: B, _ c: C) {
        emitTracked(emitter.defaultRoute, id, Row3(a, b, c))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(_ stream: OutputStream, _ a: A, _ b: B, _ c: C) {
        emitter.emit(stream.route, Row3(a, b, c))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(
        _ stream: OutputStream, id: MessageID, _ a: A, _ b: B, _ c: C
    ) {
        emitTracked(stream.route, id, Row3(a, b, c))
    }

    /// Emits on the default stream, untracked.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(_ a: A, _ b: B, _ c: C, _ d: D) {
        emitter.emit(emitter.defaultRoute, Row4(a, b, c, d))
    }

    /// Emits on the default stream and tracks the message: `ack` or `fail` is called with `id`.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(
        id: MessageID, _ a: A, _ b: B, _ c: C, _ d: D
    ) {
        emitTracked(emitter.defaultRoute, id, Row4(a, b, c, d))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(
        _ stream: OutputStream, _ a: A, _ b: B, _ c: C, _ d: D
    ) {
        emitter.emit(stream.route, Row4(a, b, c, d))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(
        _ stream: OutputStream, id: MessageID, _ a: A, _ b: B, _ c: C, _ d: D
    ) {
        emitTracked(stream.route, id, Row4(a, b, c, d))
    }
}

extension Collector {
    /// Emits on the default stream, unanchored: if the tuple is lost, nobody replays it.
    @inlinable
    public func emit<A: FieldValue>(_ a: A) {
        emitter.emit(emitter.defaultRoute, Row1(a))
    }

    /// Emits on the default stream, as a child of `anchor`.
    @inlinable
    public func emit<A: FieldValue>(anchor: Tuple, _ a: A) {
        emitter.emit(emitter.defaultRoute, anchor: anchor, Row1(a))
    }

    @inlinable
    public func emit<A: FieldValue>(_ stream: OutputStream, _ a: A) {
        emitter.emit(stream.route, Row1(a))
    }

    @inlinable
    public func emit<A: FieldValue>(_ stream: OutputStream, anchor: Tuple, _ a: A) {
        emitter.emit(stream.route, anchor: anchor, Row1(a))
    }

    /// Emits on the default stream, unanchored: if the tuple is lost, nobody replays it.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(_ a: A, _ b: B) {
        emitter.emit(emitter.defaultRoute, Row2(a, b))
    }

    /// Emits on the default stream, as a child of `anchor`.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(anchor: Tuple, _ a: A, _ b: B) {
        emitter.emit(emitter.defaultRoute, anchor: anchor, Row2(a, b))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(_ stream: OutputStream, _ a: A, _ b: B) {
        emitter.emit(stream.route, Row2(a, b))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(_ stream: OutputStream, anchor: Tuple, _ a: A, _ b: B) {
        emitter.emit(stream.route, anchor: anchor, Row2(a, b))
    }

    /// Emits on the default stream, unanchored: if the tuple is lost, nobody replays it.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(_ a: A, _ b: B, _ c: C) {
        emitter.emit(emitter.defaultRoute, Row3(a, b, c))
    }

    /// Emits on the default stream, as a child of `anchor`.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(anchor: Tuple, _ a: A, _ b: B, _ c: C) {
        emitter.emit(emitter.defaultRoute, anchor: anchor, Row3(a, b, c))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(_ stream: OutputStream, _ a: A, _ b: B, _ c: C) {
        emitter.emit(stream.route, Row3(a, b, c))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(
        _ stream: OutputStream, anchor: Tuple, _ a: A, _ b: B, _ c: C
    ) {
        emitter.emit(stream.route, anchor: anchor, Row3(a, b, c))
    }

    /// Emits on the default stream, unanchored: if the tuple is lost, nobody replays it.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(_ a: A, _ b: B, _ c: C, _ d: D) {
        emitter.emit(emitter.defaultRoute, Row4(a, b, c, d))
    }

    /// Emits on the default stream, as a child of `anchor`.
    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(
        anchor: Tuple, _ a: A, _ b: B, _ c: C, _ d: D
    ) {
        emitter.emit(emitter.defaultRoute, anchor: anchor, Row4(a, b, c, d))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(
        _ stream: OutputStream, _ a: A, _ b: B, _ c: C, _ d: D
    ) {
        emitter.emit(stream.route, Row4(a, b, c, d))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(
        _ stream: OutputStream, anchor: Tuple, _ a: A, _ b: B, _ c: C, _ d: D
    ) {
        emitter.emit(stream.route, anchor: anchor, Row4(a, b, c, d))
    }
}

extension BasicCollector {
    @inlinable
    public func emit<A: FieldValue>(_ a: A) {
        collector.emitter.emit(collector.emitter.defaultRoute, anchor: anchor, Row1(a))
    }

    @inlinable
    public func emit<A: FieldValue>(_ stream: OutputStream, _ a: A) {
        collector.emitter.emit(stream.route, anchor: anchor, Row1(a))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(_ a: A, _ b: B) {
        collector.emitter.emit(collector.emitter.defaultRoute, anchor: anchor, Row2(a, b))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue>(_ stream: OutputStream, _ a: A, _ b: B) {
        collector.emitter.emit(stream.route, anchor: anchor, Row2(a, b))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(_ a: A, _ b: B, _ c: C) {
        collector.emitter.emit(collector.emitter.defaultRoute, anchor: anchor, Row3(a, b, c))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue>(_ stream: OutputStream, _ a: A, _ b: B, _ c: C) {
        collector.emitter.emit(stream.route, anchor: anchor, Row3(a, b, c))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(_ a: A, _ b: B, _ c: C, _ d: D) {
        collector.emitter.emit(collector.emitter.defaultRoute, anchor: anchor, Row4(a, b, c, d))
    }

    @inlinable
    public func emit<A: FieldValue, B: FieldValue, C: FieldValue, D: FieldValue>(
        _ stream: OutputStream, _ a: A, _ b: B, _ c: C, _ d: D
    ) {
        collector.emitter.emit(stream.route, anchor: anchor, Row4(a, b, c, d))
    }
}
