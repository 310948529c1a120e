import Glibc
import NIOCore
import StormWire
import Synchronization

/// The sending half of the connection to one peer: its queue, what was sent and not confirmed, and the socket.
///
/// Whoever queues a batch sends it, from the batch's own memory: no copy, and no thread is woken on the way. The event
/// loop that owns the channel only steps in when the socket is full: it sends the rest of a frame that was cut off, and
/// until it has, everything waits in the queue.
/// Any thread. The lock may be held while the lock of `RouteTable` is taken, never the other way round.
final class FrameWriter: Sendable {
    enum Mode { case closed, open, waitingForRest }

    /// What is left to do, without the lock, by the thread that sent.
    struct Outcome {
        /// Longer than a frame may be.
        var tooLong: [Batch] = []
        /// The bytes of frames that the socket did not take. The event loop must send them on the same connection.
        var rest: ByteBuffer?
        /// Error number of the socket.
        var failure: Int32?
        /// The connection, as named by `open`.
        var attempt = 0

        var isDone: Bool { tooLong.isEmpty && rest == nil && failure == nil }
    }

    private struct State: ~Copyable {
        var mode = Mode.closed
        /// A descriptor of our own for the channel's socket: open as long as `mode` is not `closed`.
        var descriptor: Int32 = -1
        var attempt = 0
        /// Taken from the queue and not sent.
        var unsent = BatchChain()
        var unconfirmed = UnconfirmedFrames()
        /// The frames of one system call; empty between calls.
        var chunk: [Batch] = []
    }

    /// Most frames and, as a target, bytes in one system call.
    private static let chunkFrames = 16
    private static let chunkBytes = 64 << 10

    /// Filled by `RouteTable` only; emptied under the lock.
    let queue = BatchQueue()
    private let state = Mutex(State())
    private let counters: TransportCounters
    private let maxFrameBytes: Int

    init(_ counters: TransportCounters, maxFrameBytes: Int) {
        self.counters = counters
        self.maxFrameBytes = maxFrameBytes
    }

    deinit { close() }

    // MARK: Connection

    /// Sends on this socket from now on.
    /// - Parameters:
    ///   - descriptor: belongs to the writer, which closes it.
    ///   - attempt: names the connection.
    func open(_ descriptor: Int32, attempt: Int) {
        close()
        state.withLock { state in
            state.descriptor = descriptor
            state.attempt = attempt
            state.mode = .open
        }
    }

    /// What is queued or unconfirmed stays.
    func close() {
        state.withLock { state in
            if state.descriptor >= 0 { _ = Glibc.close(state.descriptor) }
            state.descriptor = -1
            state.mode = .closed
        }
    }

    /// The event loop has sent the rest.
    func restWasSent(ofAttempt attempt: Int) {
        state.withLock { state in
            if state.mode == .waitingForRest, state.attempt == attempt { state.mode = .open }
        }
    }

    // MARK: Sending

    /// Sends what is queued, as far as the socket takes it. Never blocks for the network.
    func send() -> Outcome {
        state.withLock { state in
            var outcome = Outcome()
            while state.mode == .open {
                state.unsent.append(queue.takeAll())
                if state.unsent.isEmpty { break }
                let bytes = takeChunk(&state, &outcome)
                if bytes > 0 { sendChunk(&state, bytes, &outcome) }
                state.chunk.removeAll(keepingCapacity: true)
            }
            outcome.attempt = state.attempt
            return outcome
        }
    }

    /// - Returns: bytes of the frames in `chunk`.
    private func takeChunk(_ state: inout State, _ outcome: inout Outcome) -> Int {
        var (bytes, tuples) = (0, 0)
        while bytes < Self.chunkBytes, state.chunk.count < Self.chunkFrames, let batch = state.unsent.popFirst() {
            guard batch.byteCount <= maxFrameBytes else {
                outcome.tooLong.append(batch)
                continue
            }
            batch.fillInChecksum(frame: state.unconfirmed.nextNumber)
            state.chunk.append(batch)
            state.unconfirmed.append(batch)
            bytes += batch.byteCount
            tuples += batch.tupleCount
        }
        counters.framesSent.count(state.chunk.count)
        counters.bytesSent.count(bytes)
        counters.tuplesSent.count(tuples)
        counters.framesUnconfirmed.count(state.chunk.count)
        counters.bytesUnconfirmed.count(bytes)
        return bytes
    }

    private func sendChunk(_ state: inout State, _ bytes: Int, _ outcome: inout Outcome) {
        let sent = Self.write(state.chunk, to: state.descriptor)
        if sent == bytes { return }
        state.mode = .waitingForRest
        guard sent >= 0 else {
            outcome.failure = Int32(-sent)
            return
        }
        var rest = ByteBuffer()
        rest.reserveCapacity(bytes - sent)
        var skipped = sent
        for batch in state.chunk {
            let skip = min(skipped, batch.byteCount)
            skipped -= skip
            rest.writeBytes(UnsafeRawBufferPointer(rebasing: batch.bytes[skip...]))
        }
        outcome.rest = rest
    }

    /// - Returns: bytes that the socket took, or a negative error number.
    private static func write(_ frames: [Batch], to descriptor: Int32) -> Int {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: chunkFrames) { vectors in
            for (index, batch) in frames.enumerated() {
                vectors[index] = iovec(iov_base: batch.base, iov_len: batch.byteCount)
            }
            var message = msghdr()
            message.msg_iov = vectors.baseAddress
            message.msg_iovlen = frames.count
            while true {
                let sent = sendmsg(descriptor, &message, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                if sent >= 0 { return sent }
                let code = errno
                if code == EAGAIN || code == EWOULDBLOCK { return 0 }
                if code != EINTR { return -Int(code) }
            }
        }
    }

    // MARK: Confirmations and the end

    /// - Returns: the batches of these frames in the order of the numbers; `isSound` is false when one of the numbers is not
    ///   under way, and then what follows it is left alone.
    func confirm(_ numbers: [UInt64]) -> (batches: [Batch], isSound: Bool) {
        state.withLock { state in
            var batches: [Batch] = []
            batches.reserveCapacity(numbers.count)
            var bytes = 0
            for number in numbers {
                guard let batch = state.unconfirmed.confirm(number) else { break }
                bytes += batch.byteCount
                batches.append(batch)
            }
            counters.framesUnconfirmed.count(-batches.count)
            counters.bytesUnconfirmed.count(-bytes)
            counters.framesConfirmed.count(batches.count)
            return (batches, batches.count == numbers.count)
        }
    }

    /// What was sent and not confirmed, for the end of a connection: the writer must be closed.
    func takeUnconfirmed() -> [Batch] {
        state.withLock { state in
            let lost = state.unconfirmed.takeAll()
            counters.framesUnconfirmed.count(-lost.count)
            counters.bytesUnconfirmed.count(-lost.reduce(0) { $0 + $1.byteCount })
            return lost
        }
    }

    /// Takes out what was not sent and does not fulfil the condition; the rest keeps its order.
    func takeUnsent(unless isKept: (Batch) -> Bool) -> [Batch] {
        state.withLock { state in
            state.unsent.append(queue.takeAll())
            let kept = BatchQueue()
            var taken: [Batch] = []
            while let batch = state.unsent.popFirst() {
                if isKept(batch) { _ = kept.push(batch) } else { taken.append(batch) }
            }
            state.unsent = kept.takeAll()
            return taken
        }
    }

    /// Whether everything was sent and confirmed.
    var isEmpty: Bool {
        state.withLock { $0.unsent.isEmpty && $0.unconfirmed.isEmpty } && queue.isEmpty
    }
}
