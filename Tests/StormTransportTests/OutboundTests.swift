import StormWire
import Testing

@testable import StormTransport

@Suite struct OutboundMachineTests {
    /// A machine that went through `events`.
    private func machine(_ events: [OutboundMachine.Event]) -> OutboundMachine {
        var machine = OutboundMachine()
        for event in events { _ = machine.handle(event) }
        return machine
    }

    private static let toOpen: [OutboundMachine.Event] = [.start, .connected, .welcomed(incarnation: 1)]

    @Test func firstConnection() {
        var machine = OutboundMachine()
        #expect(machine.handle(.start) == [.connect])
        #expect(machine.handle(.connected) == [.sendHello, .startHandshakeTimer])
        #expect(machine.handle(.welcomed(incarnation: 1)) == [.stopTimer, .open(isReconnect: false)])
    }

    @Test func aBrokenConnectionLosesWhatIsUnconfirmedBeforeItRetries() {
        var machine = machine(Self.toOpen)
        #expect(
            machine.handle(.broken("reset"))
                == [.logFailure("reset"), .stopTimer, .closeChannel, .loseUnconfirmed, .retry(afterAttempts: 1)])
        #expect(machine.handle(.broken("again")) == [])
        #expect(machine.handle(.retryDue) == [.connect])
    }

    @Test func theSameProcessIsNotLost() {
        var machine = machine(Self.toOpen + [.broken(""), .retryDue, .connected])
        #expect(machine.handle(.welcomed(incarnation: 1)) == [.stopTimer, .open(isReconnect: true)])
    }

    @Test func anotherProcessIsReportedOnceBeforeItGetsBatches() {
        var machine = machine(Self.toOpen + [.broken(""), .retryDue, .connected])
        #expect(machine.handle(.welcomed(incarnation: 2)) == [.stopTimer, .loseProcess, .open(isReconnect: true)])
        for event in [.broken(""), .retryDue, .connected] as [OutboundMachine.Event] { _ = machine.handle(event) }
        #expect(machine.handle(.welcomed(incarnation: 2)) == [.stopTimer, .open(isReconnect: true)])
    }

    @Test func attemptsAreCountedUntilOneSucceeds() {
        var machine = machine([.start, .broken(""), .retryDue, .broken(""), .retryDue])
        #expect(machine.handle(.broken("x")).last == .retry(afterAttempts: 3))
        for event in [.retryDue, .connected, .welcomed(incarnation: 1)] as [OutboundMachine.Event] {
            _ = machine.handle(event)
        }
        #expect(machine.failedAttempts == 0)
    }

    @Test func aRefusalIsRetriedAndLosesNothing() {
        var machine = machine([.start, .connected])
        #expect(
            machine.handle(.refused("wrong worker token"))
                == [.logRefusal("wrong worker token"), .stopTimer, .closeChannel, .retry(afterAttempts: 1)])
    }

    @Test func aSilentServerIsGivenUp() {
        var machine = machine([.start, .connected])
        #expect(machine.handle(.handshakeTimedOut).contains(.closeChannel))
        #expect(machine.phase == .waiting)
    }

    @Test func stoppedIsForEver() {
        var machine = machine(Self.toOpen)
        #expect(machine.handle(.stop) == [.stopTimer, .closeChannel, .loseUnconfirmed])
        for event in [.start, .connected, .retryDue, .stop, .broken("")] as [OutboundMachine.Event] {
            #expect(machine.handle(event) == [])
        }
    }

    @Test func lateEventsOfAPastPhaseChangeNothing() {
        var machine = machine([.start, .broken("")])
        #expect(machine.handle(.connected) == [])
        #expect(machine.handle(.welcomed(incarnation: 1)) == [])
        #expect(machine.handle(.handshakeTimedOut) == [])
        #expect(machine.phase == .waiting)
    }
}

@Suite struct BackoffTests {
    private let backoff = Backoff(minMilliseconds: 50, maxMilliseconds: 1000)

    @Test(arguments: [(1, 50), (2, 100), (3, 200), (5, 800), (6, 1000), (7, 1000), (1_000_000, 1000)])
    func doublesUpToTheCap(_ attempt: Int, _ whole: Int) {
        #expect(backoff.pauseMilliseconds(attempt: attempt, random: 0) == whole)
    }

    @Test func jitterTakesAtMostHalf() {
        for random in UInt64(0)..<2000 {
            #expect((500...1000).contains(backoff.pauseMilliseconds(attempt: 9, random: random)))
        }
        #expect(backoff.pauseMilliseconds(attempt: 9, random: .max) >= 500)
    }

    @Test func nonsenseStillPauses() {
        #expect(Backoff(minMilliseconds: 0, maxMilliseconds: -5).pauseMilliseconds(attempt: 0, random: 0) == 1)
    }
}

@Suite struct UnconfirmedFramesTests {
    @Test func confirmationsComeInAnyOrderAndOnce() throws {
        let schema = try twoStepSchema()
        var frames = UnconfirmedFrames()
        let batches = (0..<2000).map { tupleBatch(schema, to: 2, number: $0) }
        var order = Array(1...2000)
        var random = SplitMix(state: 42)
        order.shuffle(using: &random)
        for batch in batches { frames.append(batch) }
        for number in order {
            #expect(frames.confirm(UInt64(number)) === batches[number - 1])
            #expect(frames.confirm(UInt64(number)) == nil)
        }
        #expect(frames.isEmpty)
        #expect(frames.byteCount == 0)
        #expect(frames.nextNumber == 2001)
    }

    @Test func numbersNeverSentAreNotConfirmed() throws {
        var frames = UnconfirmedFrames()
        frames.append(tupleBatch(try twoStepSchema(), to: 2))
        for number in [0, 2, UInt64.max] { #expect(frames.confirm(number) == nil) }
        #expect(frames.count == 1)
    }

    @Test func takingAllKeepsTheOrderAndStartsAnew() throws {
        let schema = try twoStepSchema()
        var frames = UnconfirmedFrames()
        for number in 1...5 { frames.append(tupleBatch(schema, to: 2, number: number)) }
        _ = frames.confirm(1)
        _ = frames.confirm(3)
        #expect(frames.takeAll().map { Tuple2.number($0) } == [2, 4, 5])
        #expect(frames.isEmpty)
        #expect(frames.nextNumber == 1)
    }
}

/// First field of the first tuple.
enum Tuple2 {
    static func number(_ batch: Batch) -> Int {
        Int(Int64(bitPattern: batch.payload.reading.u64(BatchLayout.tupleHeaderBytes + 1)))
    }
}

/// A seeded generator for tests.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
