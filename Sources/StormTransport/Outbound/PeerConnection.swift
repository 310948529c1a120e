import Logging
import NIOCore
import NIOPosix
import StormCore
import StormRuntime
import StormWire

/// The connection to one peer: carries out what `OutboundMachine` says, sends batches and takes confirmations.
///
/// Confined to the peer's event loop. Lives from `Peer.start` until `end`.
final class PeerConnection {
    /// Frames are copied together up to about this size before they are written.
    private static let chunkBytes = 64 << 10

    private let peer: Peer
    private let shared: TransportShared
    private let backoff: Backoff
    private var random: FastRandom
    private var machine = OutboundMachine()
    /// Taken from the peer's queue and not sent.
    private var unsent = BatchChain()
    private var unconfirmed = UnconfirmedFrames()
    private var channel: (any Channel)?
    /// Number of the attempt to connect: what an older attempt's channel still reports is ignored.
    private var attempt = 0
    private var handshakeTimer: Scheduled<Void>?
    private var retryTimer: Scheduled<Void>?
    private var isDraining = false
    private var finishing: EventLoopPromise<Void>?
    private var loggedRefusal: String?

    init(_ peer: Peer, _ shared: TransportShared, seed: UInt64) {
        self.peer = peer
        self.shared = shared
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

    // MARK: Channel

    private func connect() {
        attempt += 1
        let number = attempt
        var bootstrap = ClientBootstrap(group: peer.eventLoop)
            .connectTimeout(TimeAmount(shared.configuration.connectTimeout))
            .channelOption(.writeBufferWaterMark, value: SocketSetup.waterMark)
            .channelInitializer { [peer] channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = ByteToMessageHandler(FrameDecoder(maxFrameBytes: ControlFrame.maxBytes))
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
        channel?.close(promise: nil)
        channel = nil
    }

    private func open(_ isReconnect: Bool) {
        peer.setOpen()
        loggedRefusal = nil
        if isReconnect { shared.counters.reconnects.count() }
        shared.logger.info("connected to worker", metadata: [LogKey.peer: "\(peer.address)"])
        shared.gate.changed()
        drain()
    }

    /// Breaks the connection from below.
    func cut() { channel?.close(promise: nil) }

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
        for number in numbers {
            guard let batch = unconfirmed.confirm(number) else {
                return malformed("a confirmation of frame \(number), which is not under way", ofAttempt: attempt)
            }
            let bytes = batch.byteCount
            shared.counters.framesUnconfirmed.count(-1)
            shared.counters.bytesUnconfirmed.count(-bytes)
            shared.counters.framesConfirmed.count()
            batch.credit?.returnCredit(bytes, sequence: batch.sequence)
            batch.credit = nil
        }
        finishIfDone()
    }

    // MARK: Sending

    /// Sends what is queued, as far as the socket takes it; a full socket goes on when it has room again.
    func drain() {
        guard !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        while machine.phase == .open, let channel, channel.isWritable {
            unsent.append(peer.queue.takeAll())
            if unsent.isEmpty { return }
            while channel.isWritable, !unsent.isEmpty { writeChunk(to: channel) }
            channel.flush()
        }
    }

    private func writeChunk(to channel: any Channel) {
        var chunk: [Batch] = []
        var bytes = 0
        while bytes < Self.chunkBytes, let batch = unsent.popFirst() {
            guard batch.byteCount <= shared.configuration.maxFrameBytes else {
                loseTooLong(batch)
                continue
            }
            chunk.append(batch)
            bytes += batch.byteCount
        }
        guard bytes > 0 else { return }
        var buffer = channel.allocator.buffer(capacity: bytes)
        var tuples = 0
        for batch in chunk {
            batch.fillInChecksum()
            buffer.writeBytes(batch.bytes)
            tuples += batch.tupleCount
            unconfirmed.append(batch)
        }
        shared.counters.framesSent.count(chunk.count)
        shared.counters.bytesSent.count(bytes)
        shared.counters.tuplesSent.count(tuples)
        shared.counters.framesUnconfirmed.count(chunk.count)
        shared.counters.bytesUnconfirmed.count(bytes)
        channel.write(buffer, promise: nil)
    }

    /// The receiver would close the connection on it, and on every replay again.
    private func loseTooLong(_ batch: Batch) {
        let reason =
            "\(batch.byteCount) bytes from task \(batch.sourceTask), \(shared.configuration.maxFrameBytes) are allowed"
        shared.logger.error(
            "a tuple is too long for a frame and fails",
            metadata: [
                LogKey.peer: "\(peer.address)", LogKey.reason: "\(reason)",
            ])
        shared.lose(batch)
    }

    // MARK: Losing

    private func loseUnconfirmed() {
        peer.setClosed(nil)
        let lost = unconfirmed.takeAll()
        guard !lost.isEmpty else { return }
        shared.counters.framesUnconfirmed.count(-lost.count)
        shared.counters.bytesUnconfirmed.count(-lost.reduce(0) { $0 + $1.byteCount })
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
        if !tasks.isEmpty { shared.receiver.processLost(of: tasks) }
    }

    /// Gives batches whose tasks are elsewhere now to the peers that have them. What was sent stays: the peer confirms
    /// it, or says that the task is not there by failing its trees.
    func reroute() {
        unsent.append(peer.queue.takeAll())
        let kept = BatchQueue()
        while let batch = unsent.popFirst() {
            if shared.routes.leads(batch.destinationTask, to: peer) {
                _ = kept.push(batch)
            } else {
                sendElsewhere(batch)
            }
        }
        unsent = kept.takeAll()
        drain()
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
        unsent.append(peer.queue.takeAll())
        while let batch = unsent.popFirst() { sendElsewhere(batch) }
        finishing?.succeed()
        finishing = nil
        peer.ended()
        shared.gate.changed()
    }

    func finish(by deadline: NIODeadline, _ promise: EventLoopPromise<Void>) {
        finishing = promise
        drain()
        peer.eventLoop.scheduleTask(deadline: deadline) { [peer] in peer.onConnection { $0.end() } }
        finishIfDone()
    }

    private func finishIfDone() {
        guard finishing != nil else { return }
        if machine.phase != .open || (unconfirmed.isEmpty && unsent.isEmpty && peer.queue.isEmpty) { end() }
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
