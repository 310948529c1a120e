import Testing

@testable import ZooKeeper

/// The machine alone: events in, actions out, on a clock of numbers.
@Suite struct SessionStateMachineTests {
    let zero = ContinuousClock.now
    var machine = SessionStateMachine(
        sessionTimeout: .seconds(10), backoff: Backoff(first: .milliseconds(100), max: .seconds(1)), seed: 1)
    let first = HandleNumber(rawValue: 1)
    let second = HandleNumber(rawValue: 2)

    func at(_ seconds: Double) -> ContinuousClock.Instant { zero + .seconds(seconds) }

    func event(_ state: SessionState, _ session: Int64, _ generation: Int) -> SessionStateMachine.Action {
        .publish(SessionEvent(state: state, sessionID: SessionID(rawValue: session), generation: generation))
    }

    /// Brings the machine to a session 77 of 9 s at second 0, its probe answered.
    mutating func connect() {
        #expect(machine.start() == [.open(first)])
        machine.handleOpened(first, now: at(0))
        let actions = machine.connected(first, session: SessionID(rawValue: 77), timeout: .seconds(9), now: at(0))
        #expect(actions == [event(.connected, 77, 1), .resumeCalls, .probe(first)])
        machine.probeEnded(first)
    }

    @Test mutating func idleSessionIsProbedAtAThirdOfItsTimeout() {
        connect()
        #expect(machine.nextDeadline == at(3))
        #expect(machine.tick(at(2.9)) == [])
        #expect(machine.tick(at(3)) == [.probe(first)])
        #expect(machine.tick(at(4)) == [], "one probe at a time")
        #expect(machine.answered(first, sentAt: at(3)) == [])
        machine.probeEnded(first)
        #expect(machine.nextDeadline == at(6))
    }

    @Test mutating func answersInTrafficReplaceProbes() {
        connect()
        for second in 1...20 { #expect(machine.answered(first, sentAt: at(Double(second))) == []) }
        #expect(machine.tick(at(20)) == [])
        #expect(machine.nextDeadline == at(23))
    }

    @Test mutating func silenceSuspendsAndThenLosesTheSessionThoughTheHandleSaysNothing() {
        connect()
        #expect(machine.tick(at(3)) == [.probe(first)])
        #expect(machine.tick(at(6)) == [event(.suspended, 77, 1)])
        #expect(machine.holdsLease(at: at(8)))
        let end = zero + .milliseconds(8100)
        #expect(machine.nextDeadline == end)
        #expect(machine.tick(end) == [event(.lost, 77, 1), .close(first)])
        #expect(!machine.holdsLease(at: end))
    }

    @Test mutating func lateAnswerEndsASilentSuspension() {
        connect()
        _ = machine.tick(at(6))
        let actions = machine.answered(first, sentAt: at(5))
        #expect(actions == [event(.reconnected, 77, 1), .resumeCalls, .probe(first)])
    }

    @Test mutating func reconnectionCountsOnlyWhenAProbeWasAnswered() {
        connect()
        #expect(machine.disconnected(first) == [event(.suspended, 77, 1)])
        #expect(machine.disconnected(first) == [])
        let back = machine.connected(first, session: SessionID(rawValue: 77), timeout: .seconds(9), now: at(4))
        #expect(back == [.probe(first)])
        #expect(machine.answered(first, sentAt: at(4)) == [event(.reconnected, 77, 1), .resumeCalls, .probe(first)])
        #expect(machine.holdsLease(at: at(12)))
    }

    @Test mutating func reconnectionAfterTheLeaseIsALostSession() {
        connect()
        _ = machine.disconnected(first)
        let late = machine.connected(first, session: SessionID(rawValue: 77), timeout: .seconds(9), now: at(8.5))
        #expect(late == [event(.lost, 77, 1), .close(first)])
    }

    @Test mutating func expiryOpensANewHandleWithANewGeneration() {
        connect()
        #expect(machine.handleDied(first, now: at(1)) == [event(.lost, 77, 1), .close(first)])
        #expect(machine.tick(at(1)) == [])
        #expect(machine.tick(at(1.1)) == [.open(second)])
        machine.handleOpened(second, now: at(1.1))
        let actions = machine.connected(second, session: SessionID(rawValue: 78), timeout: .seconds(9), now: at(2))
        #expect(actions == [event(.reconnected, 78, 2), .resumeCalls, .probe(second)])
    }

    @Test mutating func eventsOfAnOldHandleAreIgnored() {
        connect()
        _ = machine.handleDied(first, now: at(1))
        _ = machine.tick(at(2))
        #expect(machine.connected(first, session: SessionID(rawValue: 77), timeout: .seconds(9), now: at(2)) == [])
        #expect(machine.disconnected(first) == [])
        #expect(machine.handleDied(first, now: at(2)) == [])
        #expect(machine.answered(first, sentAt: at(2)) == [])
        #expect(machine.phase == .opening)
    }

    @Test mutating func failuresToOpenAreRepeatedWithGrowingWaits() {
        _ = machine.start()
        var number = first
        var now = 0.0
        var waits: [Double] = []
        for _ in 0..<8 {
            #expect(machine.handleFailedToOpen(number, now: at(now)) == [])
            guard let next = machine.nextDeadline else { return }
            let wait = at(now).duration(to: next) / .seconds(1)
            waits.append(wait)
            now += wait
            number = number.next
            #expect(machine.tick(at(now + 0.001)) == [.open(number)])
        }
        #expect(waits[0] >= 0.05 && waits[0] <= 0.1)
        #expect(waits[7] >= 0.5 && waits[7] <= 1)
    }

    @Test mutating func handleThatFindsNoServerIsReplaced() {
        _ = machine.start()
        machine.handleOpened(first, now: at(0))
        #expect(machine.nextDeadline == at(10))
        #expect(machine.tick(at(10)) == [.close(first)])
        #expect(machine.tick(at(11)) == [.open(second)])
    }

    @Test mutating func connectionMayBeReportedBeforeTheHandleIs() {
        _ = machine.start()
        let actions = machine.connected(first, session: SessionID(rawValue: 5), timeout: .seconds(9), now: at(0))
        #expect(actions.first == event(.connected, 5, 1))
        machine.handleOpened(first, now: at(0))
        #expect(machine.isConnected)
    }

    @Test(arguments: 0..<5) mutating func closeEndsEveryPhaseOnce(_ phase: Int) {
        switch phase {
        case 0: break
        case 1: _ = machine.start()
        case 2: connect()
        case 3:
            connect()
            _ = machine.disconnected(first)
        default:
            connect()
            _ = machine.handleDied(first, now: at(1))
        }
        #expect(machine.close().last == event(.closed, phase < 2 ? 0 : 77, phase < 2 ? 0 : 1))
        #expect(machine.close() == [])
        #expect(machine.tick(at(100)) == [])
        #expect(machine.nextDeadline == nil)
    }
}
