/// The life of the connection to one peer: events in, actions out. Pure; `PeerConnection` carries the actions out.
///
/// ```
/// idle ─start→ connecting ─connected→ greeting ─welcomed→ open
///                  ↑  └─failed──┐         └─failed──┐       └─broken─┐
///                  └─retryDue─ waiting ←────────────┴────────────────┘      stop → stopped, from anywhere
/// ```
struct OutboundMachine: Equatable {
    enum Phase: Equatable { case idle, connecting, greeting, open, waiting, stopped }

    enum Event: Equatable {
        case start
        /// The socket is connected.
        case connected
        case welcomed(incarnation: UInt64)
        case refused(String)
        case handshakeTimedOut
        /// The attempt failed, the channel broke, or a frame was malformed.
        case broken(String)
        case retryDue
        case stop
    }

    enum Action: Equatable {
        case connect
        case sendHello
        case startHandshakeTimer
        case stopTimer
        /// The peer takes batches from here on.
        case open(isReconnect: Bool)
        case closeChannel
        /// Gives up all that was sent and not confirmed.
        case loseUnconfirmed
        /// The peer's process is another one than before.
        case loseProcess
        case retry(afterAttempts: Int)
        case logRefusal(String)
        case logFailure(String)
    }

    private(set) var phase = Phase.idle
    /// Failed attempts since the last open connection.
    private(set) var failedAttempts = 0
    /// Of the peer's process at the last open connection.
    private(set) var incarnation: UInt64?

    mutating func handle(_ event: Event) -> [Action] {
        switch (phase, event) {
        case (.stopped, _): return []
        case (_, .stop): return stop()
        case (.idle, .start), (.waiting, .retryDue):
            phase = .connecting
            return [.connect]
        case (.connecting, .connected):
            phase = .greeting
            return [.sendHello, .startHandshakeTimer]
        case (.greeting, .welcomed(let new)): return welcomed(new)
        case (.greeting, .refused(let reason)): return [.logRefusal(reason)] + fail()
        case (.greeting, .handshakeTimedOut): return [.logFailure("no answer to the handshake in time")] + fail()
        case (.connecting, .broken(let reason)), (.greeting, .broken(let reason)), (.open, .broken(let reason)):
            return [.logFailure(reason)] + fail()
        case (.open, .welcomed), (.open, .refused): return [.logFailure("a second answer to the handshake")] + fail()
        default: return []
        }
    }

    private mutating func welcomed(_ new: UInt64) -> [Action] {
        phase = .open
        failedAttempts = 0
        defer { incarnation = new }
        let before = incarnation
        // What was lost with the process comes before the first batch to its successor.
        let isOther = before != nil && before != new
        return [.stopTimer] + (isOther ? [.loseProcess] : []) + [.open(isReconnect: before != nil)]
    }

    private mutating func fail() -> [Action] {
        let wasOpen = phase == .open
        phase = .waiting
        failedAttempts += 1
        return [.stopTimer, .closeChannel] + (wasOpen ? [.loseUnconfirmed] : [])
            + [.retry(afterAttempts: failedAttempts)]
    }

    private mutating func stop() -> [Action] {
        let wasOpen = phase == .open
        phase = .stopped
        return [.stopTimer, .closeChannel] + (wasOpen ? [.loseUnconfirmed] : [])
    }
}
