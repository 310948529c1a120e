import Glibc
import Logging
import NIOCore
import NIOPosix
import StormCore
import StormRuntime
import StormTopology
import StormWire

/// The connection to one peer: carries out what `OutboundMachine` says and takes confirmations. Batches are sent by the
/// peer's `FrameWriter`.
///
/// Confined to the peer's event loop. Lives from `Peer.start` until `end`.
final class PeerConnection {
    private let peer: Peer
    private let shared: TransportShared
    private let backoff: Backoff
    private var random: FastRandom
    private var machine = OutboundMachine()
    /// Empty batches: confirmed ones go back to those who fill them.
    private let pool: BatchPool
    private var channel: (any Channel)?
    /// Number of the attempt to connect: what an older attempt's channel still reports is ignored.
    private var attempt = 0
    private var handshakeTimer: Scheduled<Void>?
    private var retryTimer: Scheduled<Void>?
    private var finishing: EventLoopPromise<Void>?
    private var loggedRefusal: String?
    /// When the last open connection broke; nil while one is open, and before the first.
    private var brokenAt: NIODeadline?

    init(_ peer: Peer, _ shared: TransportShared, seed: UInt64) {
        self.peer = peer
        self.shared = shared
        pool = shared.makePool()
        random = FastRandom(seed: seed)
        backoff = Backoff(
            minMilliseconds: shared.configuration.reconnectMinMilliseconds,
            maxMilliseconds: shared.configuration.reconnectMaxMilliseconds)
    }

    // MARK: Machine

    func handle(_ event: OutboundMachine.Event) {
        for action in machine.handle(event) { perform(action) }
    }

    private func perform(_ action: OutboundMachine.Action) {
        switch action {
        case .connect: connect()
        case .sendHello:
            if let channel { channel.writeAndFlush(ControlFrame.hello(shared.hello, channel.allocator), promise: nil) }
        case .startHandshakeTimer:
            handshakeTimer = later(TimeAmount(shared.configuration.handshakeTimeout), .handshakeTimedOut)
        case .stopTimer:
            handshakeTimer?.cancel()
            handshakeTimer = nil
        case .open(let isReconnect): open(isReconnect)
        case .closeChannel: closeChannel()
        case .loseUnconfirmed: loseUnconfirmed()
        case .loseProcess: tellProcessLost(shared.routes.tasks(at: peer.address))
        case .retry(let attempts):
            let pause = backoff.pauseMilliseconds(attempt: attempts, random: random.next())
            retryTimer = later(.milliseconds(Int64(pause)), .retryDue)
            finishIfDone()
        case .logRefusal(let reason): logRefusal(reason)
        case .logFailure(let reason): logFailure(reason)
        }
    }

    private func later(_ pause: TimeAmount, _ event: OutboundMachine.Event) -> Scheduled<Void> {
        peer.eventLoop.scheduleTask(in: pause) { [peer, attempt] in
            peer.onConnection { $0.handle(event, ofAttempt: attempt) }
        }
    }

    /// An event of the attempt `number`; ignored when another one is under way.
    private func handle(_ event: OutboundMachine.Event, ofAttempt number: Int) {
        if number == attempt { handle(event) }
    }

    /// Ends the pause before the next attempt to connect. A connection to another process than the one that is there has
    /// broken, whether that was noticed or not.
    func hurry(_ incarnation: UInt64) {
        if machine.phase == .open, machine.incarnation != incarnation { handle(.broken("another process is there")) }
        guard machine.phase == .waiting else { return }
        retryTimer?.cancel()
        handle(.retryDue)
    }

    // MARK: Channel

    private func connect() {
        attempt += 1
        let number = attempt
        var bootstrap = ClientBootstrap(group: peer.eventLoop)
            .connectTimeout(TimeAmount(shared.configuration.connectTimeout))
            .channelInitializer { [peer, frameTimeout = TimeAmount(shared.configuration.frameTimeout)] channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = ByteToMessageHandler(
                        FrameDecoder(maxFrameBytes: ControlFrame.maxBytes, timeout: frameTimeout))
                    try channel.pipeline.syncOperations.addHandlers(decoder, OutboundHandler(peer, attempt: number))
                }
            }
        for (option, value) in SocketSetup.options(silence: shared.configuration.silenceTimeout) {
            bootstrap = bootstrap.channelOption(option, value: value)
        }
        bootstrap.connect(host: peer.address.host, port: peer.address.port).whenComplete { [peer] result in
            let isWanted = peer.onLoop { $0.connected(result, number) }
            if !isWanted, case .success(let channel) = result { channel.close(promise: nil) }
        }
    }

    private func connected(_ result: Result<any Channel, any Error>, _ number: Int) {
        switch result {
        case .success(let channel):
            guard number == attempt else { return channel.close(promise: nil) }
            self.channel = channel
            handle(.connected)
        case .failure(let error): handle(.broken("\(error)"), ofAttempt: number)
        }
    }

    private func closeChannel() {
        // What the channel reports from here on belongs to the past.
        attempt += 1
        peer.writer.close()
        channel?.close(promise: nil)
        channel = nil
    }

    private func open(_ isReconnect: Bool) {
        guard let descriptor = ownDescriptor() else { return cut() }
        peer.writer.open(descriptor, attempt: attempt)
        peer.setOpen()
        loggedRefusal = nil
        brokenAt = nil
        if isReconnect { shared.counters.reconnects.count() }
        shared.logger.info("connected to worker", metadata: [LogKey.peer: "\(peer.address)"])
        shared.gate.changed()
        peer.wake()
    }

    /// A second descriptor of the channel's socket, which stays ours when the channel closes its own: so a sender on
    /// another thread never meets a descriptor that is used for something else by then.
    private func ownDescriptor() -> Int32? {
        // Throws only what its body throws, which is nothing.
        let own = try? channel?.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { fcntl($0, F_DUPFD_CLOEXEC, 0) }
        guard let own, own >= 0 else { return nil }
        return own
    }

    /// Breaks the connection from below.
    func cut() { channel?.close(promise: nil) }

    /// The socket failed while a sender used it.
    func cut(ofAttempt number: Int, code: Int32) {
        guard number == attempt else { return }
        broken(IOError(errnoCode: code, reason: "send").description, ofAttempt: number)
    }

    // MARK: What the channel reports

    func received(_ frame: Frame, ofAttempt number: Int) {
        guard number == attempt else { return }
        switch frame {
        case .welcome(let incarnation): handle(.welcomed(incarnation: incarnation))
        case .refusal(let reason):
            shared.counters.refusals.count()
            handle(.refused(reason))
        case .confirmations(let numbers): confirmed(numbers)
        case .hello, .batch: malformed("a frame that only a client sends", ofAttempt: number)
        }
    }

    func malformed(_ reason: String, ofAttempt number: Int) {
        guard number == attempt else { return }
        shared.countBad(reason, from: "\(peer.address)")
        handle(.broken(reason))
    }

    func broken(_ reason: String, ofAttempt number: Int) { handle(.broken(reason), ofAttempt: number) }

    private func confirmed(_ numbers: [UInt64]) {
        var (batches, isSound) = peer.writer.confirm(numbers)
        // From the back, so that the array gives each batch away; returned credit has no order.
        while let batch = batches.popLast() {
            batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
            batch.credit = nil
            pool.recycle(consume batch)
        }
        guard isSound else { return malformed("a confirmation of a frame that is not under way", ofAttempt: attempt) }
        finishIfDone()
    }

    /// Sends what the socket did not take at once, then lets the senders go on.
    func sendRest(_ bytes: ByteBuffer, ofAttempt number: Int) {
        guard number == attempt, let channel else { return }
        channel.writeAndFlush(bytes).whenSuccess { [peer] in
            peer.writer.restWasSent(ofAttempt: number)
            peer.wake()
        }
    }

    // MARK: Losing

    private func loseUnconfirmed() {
        peer.setClosed(nil)
        brokenAt = .now()
        let lost = peer.writer.takeUnconfirmed()
        guard !lost.isEmpty else { return }
        shared.logger.warning(
            "batches not confirmed when the connection ended, their trees fail",
            metadata: [
                LogKey.peer: "\(peer.address)", LogKey.frames: "\(lost.count)",
            ])
        for batch in lost {
            if shared.check.isRepeatable(batch), shared.routes.send(batch) == .queued {
                shared.counters.framesRepeated.count()
            } else {
                shared.lose(batch)
            }
        }
    }

    func tellProcessLost(_ tasks: [TaskID]) {
        guard !tasks.isEmpty else { return }
        let age = brokenAt.map { (NIODeadline.now() - $0).nanoseconds } ?? 0
        let place = TaskPlace(host: peer.address.host, port: peer.address.port)
        shared.receiver.processLost(ProcessLoss(of: tasks, at: place, nanosecondsAgo: age))
    }

    /// Gives batches whose tasks are elsewhere now to the peers that have them. What was sent stays: the peer confirms
    /// it, or says that the task is not there by failing its trees.
    func reroute() {
        let (routes, peer) = (shared.routes, peer)
        let strays = peer.writer.takeUnsent { routes.leads($0.destinationTask, to: peer) }
        for batch in strays { sendElsewhere(batch) }
        peer.wake()
    }

    private func sendElsewhere(_ batch: Batch) {
        // Without a place the trees fail now rather than by their timeout.
        guard shared.routes.isPlaced(batch.destinationTask) else { return shared.lose(batch) }
        if shared.routes.send(batch) == .dropped { shared.lose(batch) }
    }

    // MARK: The end

    /// Stops for good. What was sent and not confirmed is lost: sent again elsewhere it might be executed twice, and
    /// its acks would cancel each other. What was not sent takes its new way.
    func end() {
        handle(.stop)
        retryTimer?.cancel()
        peer.setClosed("no longer needed")
        for batch in peer.writer.takeUnsent(unless: { _ in false }) { sendElsewhere(batch) }
        finishing?.succeed()
        finishing = nil
        peer.ended()
        shared.gate.changed()
    }

    func finish(by deadline: NIODeadline, _ promise: EventLoopPromise<Void>) {
        finishing = promise
        peer.wake()
        peer.eventLoop.scheduleTask(deadline: deadline) { [peer] in peer.onConnection { $0.end() } }
        finishIfDone()
    }

    private func finishIfDone() {
        guard finishing != nil else { return }
        if machine.phase != .open || peer.writer.isEmpty { end() }
    }

    // MARK: Log

    private func logRefusal(_ reason: String) {
        peer.setClosed("it refused this worker: \(reason)")
        let level: Logger.Level = loggedRefusal == reason ? .debug : .warning
        loggedRefusal = reason
        shared.logger.log(
            level: level, "a worker refused the connection",
            metadata: [
                LogKey.peer: "\(peer.address)", LogKey.reason: "\(reason)",
            ])
    }

    private func logFailure(_ reason: String) {
        let wasOpen = peer.isOpen
        peer.setClosed(reason)
        // Only the first failure in a row is worth a line: a peer may be away for long.
        let level: Logger.Level = wasOpen || machine.failedAttempts == 1 ? .info : .debug
        shared.logger.log(
            level: level, wasOpen ? "connection to worker broke" : "worker is not reachable",
            metadata: [
                LogKey.peer: "\(peer.address)", LogKey.reason: "\(reason)",
                LogKey.attempts: "\(machine.failedAttempts)",
            ])
    }
}
