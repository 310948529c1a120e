import NIOCore
import StormTopology
import StormWire
import Testing

@testable import StormTransport

@Suite struct HandshakeTests {
    @Test func acceptsAWorkerOfTheSameTopology() { #expect(hello().refusal(of: hello()) == nil) }

    @Test(arguments: [
        (hello(version: 1), "protocol version 1, this worker speaks 4"),
        (hello(token: "guess!"), "wrong worker token"),
        (hello(token: ""), "wrong worker token"),
        (hello(topology: "other-1-1"), "topology 'other-1-1', this is a worker of 'words-1-1'"),
        (hello(streams: 4), "its topology has 4 streams, here it has 3"),
        (hello(fingerprint: 6), "its topology has other components, streams or tasks than here"),
    ])
    func refusesWithTheReason(_ other: Hello, _ reason: String) { #expect(hello().refusal(of: other) == reason) }

    @Test func theReasonNeverRepeatsTheToken() {
        #expect(hello(token: "top-secret").refusal(of: hello(token: "guess"))?.contains("secret") == false)
    }

    @Test func everyControlFrameReadsBackAsWritten() throws {
        let allocator = ByteBufferAllocator()
        #expect(try Frame(ControlFrame.hello(hello(), allocator)) == .hello(hello()))
        #expect(try Frame(ControlFrame.welcome(incarnation: .max, allocator)) == .welcome(incarnation: .max))
        #expect(try Frame(ControlFrame.refusal("nein, äh", allocator)) == .refusal("nein, äh"))
        let most = (0..<ControlFrame.confirmationsMax).map { UInt64($0) }
        #expect(try Frame(ControlFrame.confirmations(most[...], allocator)) == .confirmations(most))
    }

    @Test func aHelloHasTheDocumentedBytes() {
        let frame = ControlFrame.hello(hello(), ByteBufferAllocator())
        let expected: [UInt8] =
            [0x53, 0x54, 0x52, 0x4D, 4, 0, 0, 0] + [9, 0, 0, 0, 0, 0, 0, 0] + [5, 0, 0, 0, 0, 0, 0, 0]
            + [3, 0, 0, 0, 0x2C, 0x1A, 0, 0] + [9, 0] + Array("words-1-1".utf8) + [6, 0] + Array("secret".utf8)
            + [6, 0] + Array("node-a".utf8)
        #expect(Array(frame.readableBytesView.dropFirst(32)) == expected)
    }

    @Test func aHelloOfAnotherVersionIsReadAsFarAsNeeded() throws {
        var payload = ByteBuffer()
        payload.writeInteger(Hello.magic, endianness: .little)
        payload.writeInteger(UInt16(77), endianness: .little)
        payload.writeString("whatever comes later")
        #expect(try Hello(decoding: &payload).version == 77)
    }

    @Test func theFingerprintFollowsTasksAndFields() throws {
        let one = PlanFingerprint.of(try twoStepSchema(bolts: 2))
        #expect(one == PlanFingerprint.of(try twoStepSchema(bolts: 2)))
        #expect(one != PlanFingerprint.of(try twoStepSchema(bolts: 3)))
    }
}

@Suite struct InboundMachineTests {
    @Test func opensOnAGoodHelloAndThenDeliversBatches() {
        var machine = InboundMachine(own: hello())
        #expect(machine.handle(.frame(.hello(hello()))) == .welcome(hello()))
        #expect(machine.handle(.frame(.batch)) == .deliver)
        #expect(machine.handle(.handshakeTimedOut) == nil)
        #expect(machine.handle(.frame(.batch)) == .deliver)
    }

    @Test func refusesOnceAndThenHearsNothing() {
        var machine = InboundMachine(own: hello())
        #expect(machine.handle(.frame(.hello(hello(token: "x")))) == .refuse("wrong worker token"))
        #expect(machine.handle(.frame(.batch)) == nil)
        #expect(machine.handle(.frame(.hello(hello()))) == nil)
    }

    @Test(arguments: [Frame.batch, .welcome(incarnation: 1), .refusal(""), .confirmations([1])])
    func nothingButAHelloComesFirst(_ frame: Frame) {
        var machine = InboundMachine(own: hello())
        #expect(machine.handle(.frame(frame)) == .closeAsBad("a frame before the handshake"))
        #expect(machine.phase == .closed)
    }

    @Test func aSecondHelloIsMalformed() {
        var machine = InboundMachine(own: hello())
        _ = machine.handle(.frame(.hello(hello())))
        guard case .closeAsBad = machine.handle(.frame(.hello(hello()))) else {
            Issue.record("the second hello was taken")
            return
        }
    }

    @Test func aSilentClientIsClosed() {
        var machine = InboundMachine(own: hello())
        #expect(machine.handle(.handshakeTimedOut) == .closeAsLate)
        #expect(machine.handle(.closed) == nil)
    }
}
