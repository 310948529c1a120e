import NIOCore
import StormCore
import StormWire
import Synchronization

/// One other worker, as seen from any thread: its queue and a handle of its connection.
final class Peer: Sendable {
    let address: WorkerAddress
    /// Filled by `RouteTable` only.
    let queue = BatchQueue()
    let eventLoop: any EventLoop
    /// Nil before `start` and after the end.
    private let connection: NIOLoopBoundBox<PeerConnection?>
    private let open = Atomic<Bool>(false)
    private let failure = Mutex<String?>(nil)

    init(_ address: WorkerAddress, eventLoop: any EventLoop) {
        self.address = address
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
    func start(_ shared: TransportShared, seed: UInt64) {
        eventLoop.execute {
            let made = PeerConnection(self, shared, seed: seed)
            self.connection.value = made
            made.handle(.start)
        }
    }

    /// Has the queue looked at.
    func wake() { onConnection { $0.drain() } }

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
