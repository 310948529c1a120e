import NIOCore
import StormThrift
import Testing

@Suite struct ThriftServerConnectionStateTests {
    private let first = ByteBuffer(bytes: [1])
    private let second = ByteBuffer(bytes: [2])

    @Test func oneRequestAtATimeInOrder() {
        var state = ThriftServerConnectionState()
        #expect(state.opened() == .awaitRequest)
        #expect(state.readCompleted() == .readMore)
        #expect(state.received(first) == .process(first))
        #expect(state.received(second) == .nothing)
        #expect(state.readCompleted() == .nothing)
        #expect(state.processed(first) == .send(first))
        #expect(state.readCompleted() == .nothing)
        #expect(state.sent() == .process(second))
        #expect(state.processed(second) == .send(second))
        #expect(state.sent() == .awaitRequest)
    }

    @Test func timeCountsWhileWaitingAndSendingNotWhileProcessing() {
        var state = ThriftServerConnectionState()
        _ = state.opened()
        _ = state.received(first)
        #expect(state.timedOut() == .nothing)
        _ = state.processed(first)
        #expect(state.timedOut() == .close)
        var waiting = ThriftServerConnectionState()
        _ = waiting.opened()
        #expect(waiting.timedOut() == .close)
        #expect(waiting.timedOut() == .nothing)
    }

    @Test func drainingAnswersTheRequestInProgressAndNoOther() {
        var idle = ThriftServerConnectionState()
        _ = idle.opened()
        #expect(idle.drained() == .close)
        var busy = ThriftServerConnectionState()
        _ = busy.opened()
        _ = busy.received(first)
        _ = busy.received(second)
        #expect(busy.drained() == .nothing)
        #expect(busy.processed(first) == .send(first))
        #expect(busy.sent() == .close)
        var early = ThriftServerConnectionState()
        #expect(early.drained() == .nothing)
        #expect(early.opened() == .close)
    }

    @Test func tooManyPipelinedRequestsEndTheConnection() {
        var state = ThriftServerConnectionState()
        _ = state.opened()
        _ = state.received(first)
        for _ in 0..<ThriftServerConnectionState.requestsWaitingMax { #expect(state.received(second) == .nothing) }
        #expect(state.received(second) == .close)
        #expect(state.processed(first) == .nothing)
    }

    @Test func nothingHappensAfterTheEnd() {
        var state = ThriftServerConnectionState()
        _ = state.opened()
        _ = state.received(first)
        state.closed()
        #expect(state.processed(first) == .nothing)
        #expect(state.sent() == .nothing)
        #expect(state.failed() == .nothing)
        #expect(state.received(second) == .nothing)
    }

    @Test func unanswerableRequestEndsTheConnection() {
        var state = ThriftServerConnectionState()
        _ = state.opened()
        _ = state.received(first)
        #expect(state.processed(nil) == .close)
    }
}

@Suite struct ThriftClientConnectionStateTests {
    @Test func callsTakeTurns() {
        var state = ThriftClientConnectionState()
        #expect(state.submitted(1) == .send(1))
        #expect(state.submitted(2) == .nothing)
        #expect(state.submitted(3) == .nothing)
        #expect(state.abandoned(2) == .drop(2))
        #expect(state.replied() == .complete(1, next: 3))
        #expect(state.replied() == .complete(3, next: nil))
        #expect(state.submitted(4) == .send(4))
    }

    @Test func givingUpTheCallInProgressEndsTheConnectionForAll() {
        var state = ThriftClientConnectionState()
        _ = state.submitted(1)
        _ = state.submitted(2)
        #expect(state.abandoned(1) == .dropAndClose(1))
        #expect(state.submitted(3) == .rejectClosed(3))
        #expect(state.replied() == .nothing)
        #expect(state.closed() == [2])
        #expect(state.closed() == [])
    }

    @Test func strayReplyEndsTheConnection() {
        var state = ThriftClientConnectionState()
        #expect(state.replied() == .closeOnStrayReply)
    }

    @Test func waitingCallsAreBounded() {
        var state = ThriftClientConnectionState()
        _ = state.submitted(0)
        let limit = UInt64(ThriftClientConnectionState.callsWaitingMax)
        for id in 1...limit { #expect(state.submitted(id) == .nothing) }
        #expect(state.submitted(limit + 1) == .reject(limit + 1))
        #expect(state.abandoned(limit + 1) == .nothing)
    }
}
