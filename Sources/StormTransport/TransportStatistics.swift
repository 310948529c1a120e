import Synchronization

/// What passed through a transport since it was made, over all its connections.
public struct TransportStatistics: Sendable, Equatable {
    public var framesSent = 0
    public var bytesSent = 0
    public var tuplesSent = 0
    public var framesReceived = 0
    public var bytesReceived = 0
    public var tuplesReceived = 0
    /// Frames that the other side has executed and said so.
    public var framesConfirmed = 0
    /// Batches given back to the engine because their receiver never confirmed them.
    public var framesLost = 0
    public var tuplesLost = 0
    /// Of these, in batches longer than a frame may be.
    public var tuplesTooLong = 0
    /// Reports of ackers to spouts, sent again after a connection was lost.
    public var framesRepeated = 0
    /// Batches for tasks that run nowhere, dropped because too many waited; their trees time out.
    public var framesDropped = 0
    public var tuplesDropped = 0
    /// Connections opened after the first of each peer.
    public var reconnects = 0
    /// Frames or handshakes that were malformed; each closed its connection.
    public var badFrames = 0
    /// Handshakes refused, by this side or by the other.
    public var refusals = 0
    /// Sent and not confirmed just now.
    public var framesUnconfirmed = 0
    public var bytesUnconfirmed = 0
}

/// The counters behind `TransportStatistics`. Any thread.
final class TransportCounters: Sendable {
    let framesSent = Atomic<Int>(0)
    let bytesSent = Atomic<Int>(0)
    let tuplesSent = Atomic<Int>(0)
    let framesReceived = Atomic<Int>(0)
    let bytesReceived = Atomic<Int>(0)
    let tuplesReceived = Atomic<Int>(0)
    let framesConfirmed = Atomic<Int>(0)
    let framesLost = Atomic<Int>(0)
    let tuplesLost = Atomic<Int>(0)
    let tuplesTooLong = Atomic<Int>(0)
    let framesRepeated = Atomic<Int>(0)
    let framesDropped = Atomic<Int>(0)
    let tuplesDropped = Atomic<Int>(0)
    let reconnects = Atomic<Int>(0)
    let badFrames = Atomic<Int>(0)
    let refusals = Atomic<Int>(0)
    let framesUnconfirmed = Atomic<Int>(0)
    let bytesUnconfirmed = Atomic<Int>(0)

    var snapshot: TransportStatistics {
        func value(_ counter: borrowing Atomic<Int>) -> Int { counter.load(ordering: .relaxed) }
        var all = TransportStatistics()
        all.framesSent = value(framesSent)
        all.bytesSent = value(bytesSent)
        all.tuplesSent = value(tuplesSent)
        all.framesReceived = value(framesReceived)
        all.bytesReceived = value(bytesReceived)
        all.tuplesReceived = value(tuplesReceived)
        all.framesConfirmed = value(framesConfirmed)
        all.framesLost = value(framesLost)
        all.tuplesLost = value(tuplesLost)
        all.tuplesTooLong = value(tuplesTooLong)
        all.framesRepeated = value(framesRepeated)
        all.framesDropped = value(framesDropped)
        all.tuplesDropped = value(tuplesDropped)
        all.reconnects = value(reconnects)
        all.badFrames = value(badFrames)
        all.refusals = value(refusals)
        all.framesUnconfirmed = value(framesUnconfirmed)
        all.bytesUnconfirmed = value(bytesUnconfirmed)
        return all
    }
}

extension Atomic where Value == Int {
    /// Counts; orders nothing.
    borrowing func count(_ amount: Int = 1) { _ = wrappingAdd(amount, ordering: .relaxed) }
}
