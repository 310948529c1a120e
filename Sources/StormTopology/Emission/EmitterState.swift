public import StormCore

/// The hot state of one task's emitter: plain data behind a raw pointer, so that no exclusivity check and no reference
/// count is paid per tuple.
@frozen
public struct EmitterState {
    @usableFromInline package var routes: UnsafeMutablePointer<StreamRoute>
    @usableFromInline package var outboxes: UnsafeMutablePointer<Outbox>
    /// First of the outboxes that lead to ackers.
    @usableFromInline package var ackerOutboxes: UnsafeMutablePointer<Outbox>
    @usableFromInline package var ackerCount: Int
    @usableFromInline package var scratch: UnsafeMutableRawPointer
    @usableFromInline package var scratchBytes: Int
    @usableFromInline package var random: FastRandom
    /// The executor has to stop taking tuples: an edge is out of credit, or the spout has enough pending.
    @usableFromInline package var mustStop: Bool
    /// A hook wants to see what the task does: everything leaves the fast paths.
    @usableFromInline package var hasHooks = false
    /// The task's `FaultDesk` holds a fault: acks are fails until it is settled.
    @usableFromInline package var hasFault = false
    /// Emits that could not be carried out.
    @usableFromInline package var refusals = 0
    /// All emits so far; a spout that did not raise it had nothing to emit.
    @usableFromInline package var emits: Int
    /// Copies handed to target tasks.
    @usableFromInline package var transferred: Int
    @usableFromInline package var acked: Int
    @usableFromInline package var failed: Int
    /// Of a bolt: the same by stream number of the topology plan.
    @usableFromInline package var settled: UnsafeMutablePointer<SettledCounts>

    /// A new edge id. Random over all 64 bits: a 0, which would vanish in the XOR, has probability 2⁻⁶⁴ as any false zero.
    @inlinable
    package mutating func newEdge() -> UInt64 { random.next() }
}
