public import StormWire

/// One task's spout as the engine drives it: closures made where the spout's type is known, so that the loop over
/// `nextTuple` is compiled for that type, in the user's module.
public struct SpoutInstance {
    @usableFromInline package let open: (TaskContext, SpoutCollector) throws -> Void
    /// Calls `nextTuple` until the limit is reached, the emitter must stop, or a call emitted nothing.
    /// Returns whether the last call emitted something.
    @usableFromInline package let run: (SpoutCollector, _ limit: Int) throws -> Bool
    @usableFromInline package let ack: (MessageID) -> Void
    @usableFromInline package let fail: (MessageID, FailureReason) -> Void
    @usableFromInline package let activate: () -> Void
    @usableFromInline package let deactivate: () -> Void
    @usableFromInline package let close: () -> Void

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
                if state.pointee.emits == before { return false }
                if calls == limit || state.pointee.mustStop { return true }
            }
        }
        ack = { spout.ack($0) }
        fail = { spout.fail($0, $1) }
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

    @inlinable
    init<B: Bolt>(_ bolt: B) {
        prepare = { try bolt.prepare($0, $1) }
        run = { batch, start, out in
            let state = out.emitter.state
            let end = batch.end
            var p = start
            while p < end {
                let tuple = Tuple(batch, p)
                p += tuple.byteCount
                do {
                    try bolt.execute(tuple, out)
                } catch {
                    out.failed(tuple, error)
                }
                if state.pointee.mustStop { break }
            }
            return p
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
            var p = start
            while p < end {
                let tuple = Tuple(batch, p)
                p += tuple.byteCount
                do {
                    try bolt.execute(tuple, BasicCollector(out, tuple))
                    out.ack(tuple)
                } catch {
                    out.failed(tuple, error)
                }
                if state.pointee.mustStop { break }
            }
            return p
        }
        tick = { tuple, out in try bolt.tick(tuple, BasicCollector(out, tuple)) }
        cleanup = { bolt.cleanup() }
    }
}

/// Makes the object of one task. Called in the worker, once per task.
package enum ComponentFactory: Sendable {
    case spout(@Sendable () throws -> SpoutInstance)
    case bolt(@Sendable () throws -> BoltInstance)
}
