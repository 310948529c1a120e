import NIOCore
import StormRuntime
import StormTopology
import StormWire

/// One accepted connection: `InboundHandler` and `Confirmer` over a `SteppedWire`. Confined like its transport.
// @unchecked: confined to the one thread that steps the engine.
final class SteppedInbound: CreditHolder, @unchecked Sendable {
    private unowned let transport: SteppedTransport
    private let link: Int
    private let check: BatchCheck
    private var machine: InboundMachine
    private var assembler = FrameAssembler(maxFrameBytes: ControlFrame.maxBytes)
    private var watch = FrameWatch()
    private var frameCount: UInt64 = 0
    private var confirmations: [UInt64] = []
    private var hasTimer = false
    private var isClosed = false

    init(_ transport: SteppedTransport, _ link: Int, _ hello: Hello, _ check: BatchCheck) {
        self.transport = transport
        self.link = link
        self.check = check
        machine = InboundMachine(own: hello)
        let seconds = transport.configuration.handshakeTimeout.components.seconds
        transport.wire.after(milliseconds: Int(seconds) * 1000) { [weak self] in self?.handle(.handshakeTimedOut) }
    }

    func received(_ bytes: [UInt8]) {
        guard !isClosed, let schema = transport.receiver?.schema else { return }
        bytes.withUnsafeBytes { all in
            var rest = all
            do throws(WireError) {
                while machine.phase != .closed,
                    let batch = try assembler.next(&rest, { Batch(capacityBytes: $0, schema: schema) })
                {
                    watch.completed()
                    handle(.frame(try Frame(batch.bytes, number: frameCount + 1)), batch)
                }
            } catch {
                handle(.malformed(error.description))
            }
        }
        if watch.began(pendingBytes: assembler.pendingBytes) { startFrameTimer() }
    }

    private func startFrameTimer() {
        let seconds = transport.configuration.frameTimeout.components.seconds
        transport.wire.after(milliseconds: Int(seconds) * 1000) { [weak self] in
            guard let self, !isClosed else { return }
            switch watch.look(pendingBytes: assembler.pendingBytes) {
            case .nothingWaits: break
            case .lookAgain: startFrameTimer()
            case .stuck: handle(.malformed(FrameWatch.fault))
            }
        }
    }

    func closed() {
        isClosed = true
        _ = machine.handle(.closed)
        confirmations = []
    }

    private func handle(_ event: InboundMachine.Event, _ batch: Batch? = nil) {
        guard !isClosed, let action = machine.handle(event) else { return }
        switch action {
        case .welcome(let hello):
            assembler.maxFrameBytes = transport.configuration.maxFrameBytes
            transport.supersede("\(hello.node):\(hello.port)", with: link)
            guard let own = transport.hello else { return }
            send(ControlFrame.welcome(incarnation: own.incarnation, ByteBufferAllocator()))
            transport.hurry(hello)
        case .refuse(let reason):
            send(ControlFrame.refusal(reason, ByteBufferAllocator()))
            transport.drop(link)
        case .deliver: if let batch { deliver(batch) }
        case .closeAsBad(let reason):
            transport.countBad(reason)
            transport.drop(link)
        case .closeAsLate: transport.drop(link)
        }
    }

    private func deliver(_ batch: Batch) {
        do throws(WireError) {
            try check.check(batch.bytes)
        } catch {
            return handle(.malformed(error.description))
        }
        frameCount += 1
        batch.base.put(frameCount, BatchLayout.sequenceOffset)
        batch.credit = self
        transport.receiver?.receive(batch)
    }

    // MARK: Confirmations

    func returnCredit(_ bytes: Int, sequence: UInt64) {
        guard !isClosed else { return }
        confirmations.append(sequence)
        guard !hasTimer else { return }
        hasTimer = true
        transport.wire.after(milliseconds: 2) { [weak self] in self?.confirm() }
    }

    private func confirm() {
        hasTimer = false
        guard !isClosed else { return }
        let numbers = confirmations
        confirmations = []
        var rest = numbers[...]
        while !rest.isEmpty {
            send(ControlFrame.confirmations(rest.prefix(ControlFrame.confirmationsMax), ByteBufferAllocator()))
            rest = rest.dropFirst(ControlFrame.confirmationsMax)
        }
    }

    private func send(_ frame: ByteBuffer) { transport.wire.send(Array(frame.readableBytesView), link: link) }
}
