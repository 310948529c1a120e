import StormWire

extension BoltInstance {
    /// An async bolt as the engine drives it: `run` starts calls until there is no more room, and the executor settles
    /// them through `calls`.
    init<B: AsyncBolt>(async bolt: B) {
        let calls = AsyncCalls(
            execute: { try await bolt.execute($0, $1) }, tick: { try await bolt.tick($0, $1) })
        self.calls = calls
        prepare = { context, _ in try bolt.prepare(context) }
        run = { batch, start, out in
            let end = batch.end
            var p = start
            while p < end, calls.hasRoom, !out.emitter.state.pointee.mustStop {
                let tuple = Tuple(batch, p)
                p += tuple.byteCount
                calls.start(tuple)
            }
            return p
        }
        // A tick for a task that is fully at work is left out; the next one comes.
        tick = { tuple, _ in if calls.hasRoom { calls.start(tuple) } }
        cleanup = { bolt.cleanup() }
    }
}
