public import StormWire

/// One task's spout as the engine drives it: closures made where the spout's type is known, so that the loop over
/// `nextTuple` is compiled for that type, in the user's module.
public struct SpoutInstance {
    @usableFromInline package let open: (TaskContext, SpoutCollector) throws -> Void
    /// Calls `nextTuple` until the limit is reached, the emitter must stop, or a call emitted nothing.
    /// Returns whether the last call emitted something.
    @usableFromInline package let run: (SpoutCollector, _ limit: Int) throws -> Bool
    @usableFromInline package let ack: (MessageID) -> Void
    /// Acks the completed trees of a run of records from `start` on, at most to `end`.
    /// Returns the first record that says something else, or `end`.
    @usableFromInline package let ackCompleted:
        (SpoutCollector, _ start: UnsafeRawPointer, _ end: UnsafeRawPointer, _ now: Int64) -> UnsafeRawPointer
    @usableFromInline package let fail: (MessageID, FailureReason) -> Void
    @usableFromInline package let deadLettered: (MessageID, FailureReason) -> Void
    @usableFromInline package let activate: () -> Void
    @usableFromInline package let deactivate: () -> Void
    @usableFromInline package let close: () -> Void
    /// Of a spout whose messages come from outside of its executor: a child process.
    package var source: (any OutsideSource)?

    @inlinable
    init<S: Spout>(_ spout: S) {
        open = { try spout.open($0, $1) }
        run = { out, limit in
            let state = out.state
            var calls = 0
            while true {
                let before = state.pointee.emits
                try spout.nextTuple(out)
                calls += 1
                // With a hook the executor acks, so that the hook sees it.
                if !state.pointee.hasHooks { out.ackUntracked { spout.ack($0) } }
                if state.pointee.emits == before { return false }
                if calls == limit || state.pointee.mustStop || state.pointee.hasFault { return true }
            }
        }
        ack = { spout.ack($0) }
        ackCompleted = { out, start, end, now in out.ackCompleted(start, end, now: now) { spout.ack($0) } }
        fail = { spout.fail($0, $1) }
        deadLettered = { spout.deadLettered($0, $1) }
        activate = { spout.activate() }
        deactivate = { spout.deactivate() }
        close = { spout.close() }
    }
}

/// One task's bolt as the engine drives it; see `SpoutInstance`.
public struct BoltInstance {
    @usableFromInline package let prepare: (TaskContext, Collector) throws -> Void
    /// Executes the tuples of a batch from `start` on until its end or until the emitter must stop.
    /// Returns where it stopped.
    @usableFromInline package let run: (Batch, _ start: UnsafeMutableRawPointer, Collector) -> UnsafeMutableRawPointer
    @usableFromInline package let tick: (Tuple, Collector) throws -> Void
    @usableFromInline package let cleanup: () -> Void
    /// Of a bolt whose tuples are worked on outside of its executor: an async bolt, a child process.
    package var calls: (any OutsideWork)?

    @inlinable
    init<B: Bolt>(_ bolt: B) {
        prepare = { try bolt.prepare($0, $1) }
        run = { batch, start, out in
            let state = out.emitter.state
            let end = batch.end
            // One tuple that moves on: the batch is retained once.
            var tuple = Tuple(batch, start)
            while tuple.record < end {
                do {
                    try bolt.execute(tuple, out)
                    if state.pointee.hasFault { out.settleFault(tuple) }
                } catch {
                    out.failed(tuple, error)
                }
                tuple.record += tuple.byteCount
                if state.pointee.mustStop { break }
            }
            return tuple.record
        }
        tick = { try bolt.tick($0, $1) }
        cleanup = { bolt.cleanup() }
    }

    @inlinable
    init<B: BasicBolt>(basic bolt: B) {
        prepare = { context, _ in try bolt.prepare(context) }
        run = { batch, start, out in
            let state = out.emitter.state
            let end = batch.end
            // As above; the collector moves with its anchor.
            var basic = BasicCollector(out, Tuple(batch, start))
            while basic.anchor.record < end {
                do {
                    try bolt.execute(basic.anchor, basic)
                    out.ackUnsettled(basic.anchor)
                } catch {
                    out.failed(basic.anchor, error)
                }
                basic.anchor.record += basic.anchor.byteCount
                if state.pointee.mustStop { break }
            }
            return basic.anchor.record
        }
        tick = { tuple, out in try bolt.tick(tuple, BasicCollector(out, tuple)) }
        cleanup = { bolt.cleanup() }
    }
}

extension SpoutInstance {
    /// A spout that is driven through `source`: nobody asks it for the next tuple.
    package init(
        source: any OutsideSource, open: @escaping (TaskContext, SpoutCollector) throws -> Void,
        close: @escaping () -> Void
    ) {
        self.source = source
        self.open = open
        run = { _, _ in false }
        ack = { source.ack($0) }
        // Acks find their message one by one: each is a command to somebody else anyway.
        ackCompleted = { out, start, end, now in out.ackCompleted(start, end, now: now) { source.ack($0) } }
        fail = { source.fail($0, $1) }
        deadLettered = { id, _ in source.ack(id) }
        activate = { source.setActive(true) }
        deactivate = { source.setActive(false) }
        self.close = close
    }
}

extension BoltInstance {
    /// A bolt whose tuples go to `calls`.
    /// - Parameter take: takes a tuple; called while `calls` has room.
    package init(
        calls: any OutsideWork, prepare: @escaping (TaskContext, Collector) throws -> Void,
        take: @escaping (Tuple) -> Void, tick: @escaping (Tuple) -> Void, cleanup: @escaping () -> Void
    ) {
        self.calls = calls
        self.prepare = prepare
        run = { batch, start, out in
            let end = batch.end
            var p = start
            while p < end, calls.hasRoom, !out.emitter.state.pointee.mustStop {
                let tuple = Tuple(batch, p)
                p += tuple.byteCount
                take(tuple)
            }
            calls.endRun()
            return p
        }
        self.tick = { tuple, _ in
            tick(tuple)
            calls.endRun()
        }
        self.cleanup = cleanup
    }
}

/// Makes the object of one task. Called in the worker, once per task.
package enum ComponentFactory: Sendable {
    case spout(@Sendable () throws -> SpoutInstance)
    case bolt(@Sendable () throws -> BoltInstance)
}
