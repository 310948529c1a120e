import Logging
import NIOCore
import StormCore
import StormWire
import Synchronization

/// One other worker, as seen from any thread: its queue and a handle of its connection.
final class Peer: Sendable {
    let address: WorkerAddress
    let writer: FrameWriter
    private let shared: TransportShared
    let eventLoop: any EventLoop
    /// Nil before `start` and after the end.
    private let connection: NIOLoopBoundBox<PeerConnection?>
    private let open = Atomic<Bool>(false)
    private let failure = Mutex<String?>(nil)

    init(_ address: WorkerAddress, _ shared: TransportShared, eventLoop: any EventLoop) {
        self.address = address
        self.shared = shared
        writer = FrameWriter(shared.counters, maxFrameBytes: shared.configuration.maxFrameBytes)
        self.eventLoop = eventLoop
        connection = .makeEmptyBox(eventLoop: eventLoop)
    }

    /// Whether the handshake is done and batches flow.
    var isOpen: Bool { open.load(ordering: .acquiring) }
    /// Why it is not open; nil before the first attempt has ended.
    var lastFailure: String? { failure.withLock { $0 } }

    func setOpen() {
        failure.withLock { $0 = nil }
        open.store(true, ordering: .releasing)
    }

    func setClosed(_ reason: String?) {
        if let reason { failure.withLock { $0 = reason } }
        open.store(false, ordering: .releasing)
    }

    /// Starts connecting, and goes on for ever until it is ended.
    func start(seed: UInt64) {
        eventLoop.execute {
            let made = PeerConnection(self, self.shared, seed: seed)
            self.connection.value = made
            made.handle(.start)
        }
    }

    /// A batch of at least this size came of load: the event loop sends it while its sender fills the next one. A smaller
    /// one is sent on the spot: nobody has to be woken first. (Measured: the one gives 10 % more throughput, the other
    /// takes 30 % off the latency of a message at low load, and 15 % off its cost.)
    private static let handOverBytes = 8 << 10

    /// Has the queue sent, to which a batch of so many bytes was added. Any thread, never blocks.
    func wake(afterAdding bytes: Int) {
        if bytes >= Self.handOverBytes {
            eventLoop.execute { self.wake() }
        } else {
            wake()
        }
    }

    /// Sends what is queued, as far as the socket takes it. Any thread, never blocks.
    func wake() {
        let outcome = writer.send()
        if outcome.isDone { return }
        for batch in outcome.tooLong { loseTooLong(batch) }
        let attempt = outcome.attempt
        if let rest = outcome.rest { onConnection { $0.sendRest(rest, ofAttempt: attempt) } }
        if let code = outcome.failure { onConnection { $0.cut(ofAttempt: attempt, code: code) } }
    }

    /// The receiver would close the connection on it, and on every replay again.
    private func loseTooLong(_ batch: Batch) {
        let limit = shared.configuration.maxFrameBytes
        let reason = "\(batch.byteCount) bytes from task \(batch.sourceTask), \(limit) are allowed"
        shared.logger.error(
            "a tuple is too long for a frame and fails",
            metadata: [
                LogKey.peer: "\(address)", LogKey.reason: "\(reason)",
            ])
        shared.lose(batch, isTooLong: true)
    }

    /// The peer has no task any more: batches not sent yet take their new way, the rest is lost.
    func retire(lostTasks: [TaskID]) {
        onConnection {
            $0.end()
            $0.tellProcessLost(lostTasks)
        }
    }

    /// Some of its tasks are elsewhere now: batches for them that were not sent yet take their new way.
    func reroute(lostTasks: [TaskID]) {
        onConnection {
            $0.reroute()
            $0.tellProcessLost(lostTasks)
        }
    }

    /// The worker has connected to here: tries to connect now rather than after the pause.
    /// - Parameter incarnation: of the process that connected.
    func hurry(_ incarnation: UInt64) { onConnection { $0.hurry(incarnation) } }

    /// Ends the connection once all is confirmed, at the latest at `deadline`.
    func finish(by deadline: NIODeadline) async {
        let promise = eventLoop.makePromise(of: Void.self)
        eventLoop.execute {
            guard let connection = self.connection.value else { return promise.succeed() }
            connection.finish(by: deadline, promise)
        }
        // The promise is never failed.
        try? await promise.futureResult.get()
    }

    /// Breaks the connection as a cable would; it is built up again.
    func cut() { onConnection { $0.cut() } }

    /// Carries out `body` on the event loop, unless the connection has ended.
    func onConnection(_ body: @escaping @Sendable (PeerConnection) -> Void) {
        eventLoop.execute {
            if let connection = self.connection.value { body(connection) }
        }
    }

    /// Event loop only: carries out `body` at once. - Returns: false when the connection has ended.
    @discardableResult
    func onLoop(_ body: (PeerConnection) -> Void) -> Bool {
        guard let connection = connection.value else { return false }
        body(connection)
        return true
    }

    /// Event loop only: lets the connection go.
    func ended() { connection.value = nil }
}
