import NIOCore
import StormWire
import Synchronization

/// Collects the numbers of executed frames of one connection and has them sent back. Any thread.
///
/// Confirmations travel together: one that its sender waits for (`Batch.isUrgent`), or `bytesMax` of executed batches,
/// take all others along at once; without, they leave with the connection's timer, `delay` after the first frame that
/// came since it last ran. While no timer runs, a confirmation leaves at once: so a slow bolt, or an idle connection,
/// needs none.
/// Bounded by the frames under way. The event loop is woken for the first number that cannot wait only.
final class Confirmer: CreditHolder {
    /// Nobody's latency hangs on it: a sender whose window is half used asks for its credit.
    static let delay = TimeAmount.milliseconds(2)
    static let bytesMax = 64 << 10

    private struct State {
        var numbers: [UInt64] = []
        var bytes = 0
        /// The event loop has been told to send.
        var isDue = false
        var hasTimer = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBoundBox<InboundHandler?>

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        handler = .makeEmptyBox(eventLoop: eventLoop)
    }

    /// - Parameter sequence: the frame's number on its connection, and whether it is urgent; see `mark`.
    func returnCredit(_ bytes: Int, sequence: UInt64) {
        let mustWake = state.withLock { state in
            guard !state.isClosed else { return false }
            state.numbers.append(sequence & ~Self.urgentBit)
            state.bytes += bytes
            let canWait = state.hasTimer && sequence & Self.urgentBit == 0 && state.bytes < Self.bytesMax
            if canWait || state.isDue { return false }
            state.isDue = true
            return true
        }
        guard mustWake else { return }
        eventLoop.execute { self.handler.value?.sendConfirmations() }
    }

    private static let urgentBit: UInt64 = 1 << 63

    /// What a batch carries as its sequence number until its credit returns: the frame's number, marked if it is urgent.
    static func mark(_ number: UInt64, isUrgent: Bool) -> UInt64 { isUrgent ? number | urgentBit : number }

    /// Everything collected, which is then forgotten.
    func takeAll() -> [UInt64] {
        state.withLock { state in
            state.isDue = false
            state.bytes = 0
            guard !state.numbers.isEmpty else { return [] }
            var all: [UInt64] = []
            swap(&all, &state.numbers)
            return all
        }
    }

    /// Event loop only: frames are about to be handed over. Has `sendConfirmations` called after `delay`, unless it will be.
    func startTimer() {
        let mustStart = state.withLock { state in
            guard !state.isClosed, !state.hasTimer else { return false }
            state.hasTimer = true
            return true
        }
        guard mustStart else { return }
        eventLoop.scheduleTask(in: Self.delay) {
            self.state.withLock { $0.hasTimer = false }
            self.handler.value?.sendConfirmations()
        }
    }

    /// Event loop only.
    func attach(_ handler: InboundHandler) { self.handler.value = handler }

    /// Event loop only: the connection is gone; nobody waits for confirmations any more.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.numbers = []
        }
        handler.value = nil
    }
}
