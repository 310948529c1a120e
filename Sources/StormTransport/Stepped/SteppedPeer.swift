import NIOCore
import StormCore
import StormRuntime
import StormTopology
import StormWire

/// One other worker: `PeerConnection` and `FrameWriter` over a `SteppedWire`. Confined like its transport.
// @unchecked: confined to the one thread that steps the engine.
final class SteppedPeer: @unchecked Sendable {
    let address: WorkerAddress
    private unowned let transport: SteppedTransport
    private let backoff: Backoff
    private var machine = OutboundMachine()
    private var unsent: [Batch] = []
    private var unconfirmed = UnconfirmedFrames()
    private var incoming = ByteBuffer()
    private var watch = FrameWatch()
    private(set) var link: Int?
    private(set) var isOpen = false
    private var hasEnded = false
    /// When the last open connection broke; nil while one is open, and before the first.
    private var brokenAt: Int64?
    /// Names the connection that a timer was started for.
    private var attempt = 0
    private var handshake = 0

    init(_ address: WorkerAddress, _ transport: SteppedTransport) {
        self.address = address
        self.transport = transport
        backoff = Backoff(
            minMilliseconds: transport.configuration.reconnectMinMilliseconds,
            maxMilliseconds: transport.configuration.reconnectMaxMilliseconds)
    }

    // MARK: Machine

    func handle(_ event: OutboundMachine.Event) {
        guard !hasEnded else { return }
        for action in machine.handle(event) { perform(action) }
    }

    private func perform(_ action: OutboundMachine.Action) {
        switch action {
        case .connect:
            attempt += 1
            let new = transport.takeLink()
            link = new
            transport.wire.connect(to: address, link: new, of: transport)
        case .sendHello:
            guard let hello = transport.hello, let link else { return }
            transport.wire.send(Self.bytes(ControlFrame.hello(hello, ByteBufferAllocator())), link: link)
        case .startHandshakeTimer:
            handshake += 1
            let (seconds, number) = (transport.configuration.handshakeTimeout.components.seconds, handshake)
            transport.wire.after(milliseconds: Int(seconds) * 1000) { [weak self] in
                guard let self, handshake == number else { return }
                handle(.handshakeTimedOut)
            }
        case .stopTimer: handshake += 1
        case .open: open()
        case .closeChannel: closeChannel()
        case .loseUnconfirmed: loseUnconfirmed()
        case .loseProcess:
            transport.wire.note("\(address) is another process than before")
            tellProcessLost(transport.tasks(at: address))
        case .retry(let attempts):
            let pause = backoff.pauseMilliseconds(attempt: attempts, random: transport.nextRandom())
            let number = attempt
            transport.wire.after(milliseconds: pause) { [weak self] in
                guard let self, attempt == number else { return }
                handle(.retryDue)
            }
        case .logRefusal(let reason): transport.wire.note("refused by \(address): \(reason)")
        case .logFailure(let reason): transport.wire.note("connection to \(address): \(reason)")
        }
    }

    /// As `PeerConnection.hurry`: the worker has connected to here.
    func hurry(_ incarnation: UInt64) {
        if machine.phase == .open, machine.incarnation != incarnation { handle(.broken("another process is there")) }
        guard machine.phase == .waiting else { return }
        attempt += 1
        handle(.retryDue)
    }

    private func open() {
        isOpen = true
        brokenAt = nil
        flush()
    }

    private func closeChannel() {
        attempt += 1
        isOpen = false
        incoming.clear()
        watch = FrameWatch()
        if let link { transport.wire.close(link: link) }
        link = nil
    }

    // MARK: Sending

    func send(_ batch: Batch) {
        unsent.append(batch)
        flush()
    }

    private func flush() {
        guard isOpen, let link else { return }
        let batches = unsent
        unsent = []
        for batch in batches {
            guard batch.byteCount <= transport.configuration.maxFrameBytes else {
                transport.lose(batch)
                continue
            }
            batch.fillInChecksum(frame: unconfirmed.nextNumber)
            unconfirmed.append(batch)
            transport.wire.send(Array(batch.bytes), link: link)
        }
    }

    private func loseUnconfirmed() {
        brokenAt = transport.wire.nowNanoseconds
        guard let check = transport.check else { return }
        let lost = unconfirmed.takeAll()
        if !lost.isEmpty { transport.wire.note("\(lost.count) frames to \(address) were not confirmed") }
        for batch in lost {
            if check.isRepeatable(batch), transport.queue(batch) { continue }
            transport.lose(batch)
        }
    }

    func tellProcessLost(_ tasks: [TaskID]) {
        guard !tasks.isEmpty else { return }
        let age = brokenAt.map { transport.wire.nowNanoseconds - $0 } ?? 0
        let place = TaskPlace(host: address.host, port: address.port)
        transport.receiver?.processLost(ProcessLoss(of: tasks, at: place, nanosecondsAgo: age))
    }

    /// Batches for tasks that are elsewhere now and were not sent.
    func reroute() {
        let strays = unsent.filter { !transport.leads($0.destinationTask, to: address) }
        unsent.removeAll { !transport.leads($0.destinationTask, to: address) }
        for batch in strays { transport.sendElsewhere(batch) }
    }

    /// Stops for good.
    func end() {
        handle(.stop)
        hasEnded = true
        let left = unsent
        unsent = []
        for batch in left { transport.sendElsewhere(batch) }
    }

    // MARK: Receiving

    func received(_ bytes: [UInt8]) {
        incoming.writeBytes(bytes)
        let number = attempt
        do throws(WireError) {
            while number == attempt, let frame = try nextFrame() {
                watch.completed()
                received(frame)
            }
        } catch {
            malformed(error.description)
        }
        if watch.began(pendingBytes: incoming.readableBytes) { startFrameTimer(attempt) }
    }

    private func startFrameTimer(_ number: Int) {
        let seconds = transport.configuration.frameTimeout.components.seconds
        transport.wire.after(milliseconds: Int(seconds) * 1000) { [weak self] in
            guard let self, attempt == number else { return }
            switch watch.look(pendingBytes: incoming.readableBytes) {
            case .nothingWaits: break
            case .lookAgain: startFrameTimer(number)
            case .stuck: malformed(FrameWatch.fault)
            }
        }
    }

    private func nextFrame() throws(WireError) -> Frame? {
        guard let length = incoming.getInteger(at: incoming.readerIndex, endianness: .little, as: UInt32.self) else {
            return nil
        }
        guard length >= BatchLayout.headerBytes, length <= ControlFrame.maxBytes else {
            throw WireError("a frame of \(length) bytes")
        }
        guard let frame = incoming.readSlice(length: Int(length)) else { return nil }
        return try Frame(frame)
    }

    private func received(_ frame: Frame) {
        switch frame {
        case .welcome(let incarnation): handle(.welcomed(incarnation: incarnation))
        case .refusal(let reason): handle(.refused(reason))
        case .confirmations(let numbers): confirmed(numbers)
        case .hello, .batch: malformed("a frame that only a client sends")
        }
    }

    private func confirmed(_ numbers: [UInt64]) {
        for number in numbers {
            guard let batch = unconfirmed.confirm(number) else {
                return malformed("a confirmation of a frame that is not under way")
            }
            batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
            batch.credit = nil
        }
    }

    private func malformed(_ reason: String) {
        transport.countBad(reason)
        handle(.broken(reason))
    }

    private static func bytes(_ buffer: ByteBuffer) -> [UInt8] { Array(buffer.readableBytesView) }
}
