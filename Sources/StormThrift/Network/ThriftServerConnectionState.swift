package import NIOCore

/// What one connection of a server does next. Pure: each event returns the action that its owner carries out.
///
/// One request is worked on at a time, the next one starts when the reply has gone out, and nothing is read from the
/// socket in between: a client that sends faster than it is served, or that does not take its replies, is slowed by
/// TCP. Requests that came in the same read wait here.
package struct ThriftServerConnectionState {
    package enum Action: Equatable {
        case nothing
        /// Start the idle clock and read.
        case awaitRequest
        /// Read on, with the idle clock as it is: part of a request does not count as one.
        case readMore
        /// Stop the clock and work on this request.
        case process(ByteBuffer)
        /// Start the clock and send this reply.
        case send(ByteBuffer)
        case close
    }

    private enum Phase { case waiting, processing, sending, closed }

    /// More requests than this that wait on one connection end it: no client needs it, one read holds hardly more.
    package static let requestsWaitingMax = 256

    private var phase = Phase.closed
    private var waiting: [ByteBuffer] = []
    private var isDraining = false

    package init() {}

    /// Whether the clock that may close the connection guards the wait for a request (else that of a reply).
    package var isWaiting: Bool { phase == .waiting }

    package mutating func opened() -> Action {
        phase = .waiting
        return isDraining ? close() : .awaitRequest
    }

    package mutating func received(_ request: ByteBuffer) -> Action {
        switch phase {
        case .closed: return .nothing
        case .waiting:
            phase = .processing
            return .process(request)
        case .processing, .sending:
            guard waiting.count < Self.requestsWaitingMax else { return close() }
            waiting.append(request)
            return .nothing
        }
    }

    /// All bytes that were there have been read.
    package mutating func readCompleted() -> Action { phase == .waiting ? .readMore : .nothing }

    /// - Parameter reply: nil when the request could not be answered, which ends the connection.
    package mutating func processed(_ reply: ByteBuffer?) -> Action {
        guard phase == .processing else { return .nothing }
        guard let reply else { return close() }
        phase = .sending
        return .send(reply)
    }

    package mutating func sent() -> Action {
        guard phase == .sending else { return .nothing }
        if isDraining { return close() }
        if !waiting.isEmpty {
            phase = .processing
            return .process(waiting.removeFirst())
        }
        phase = .waiting
        return .awaitRequest
    }

    /// The server stops: a request in progress is answered, another is not taken.
    package mutating func drained() -> Action {
        isDraining = true
        return phase == .waiting ? close() : .nothing
    }

    /// No request came, or the reply was not taken, in time.
    package mutating func timedOut() -> Action {
        phase == .waiting || phase == .sending ? close() : .nothing
    }

    package mutating func failed() -> Action { phase == .closed ? .nothing : close() }

    package mutating func closed() {
        phase = .closed
        waiting = []
    }

    private mutating func close() -> Action {
        closed()
        return .close
    }
}
