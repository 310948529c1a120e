import StormWire

/// The life of one accepted connection: events in, actions out. Pure; `InboundHandler` carries the actions out.
struct InboundMachine: Equatable {
    enum Phase: Equatable { case awaitingHello, open, closed }

    enum Event: Equatable {
        case frame(Frame)
        case handshakeTimedOut
        /// The bytes or their meaning were wrong.
        case malformed(String)
        case closed
    }

    enum Action: Equatable {
        case welcome(Hello)
        /// Says why, then closes.
        case refuse(String)
        /// Hands the frame in hand to the engine.
        case deliver
        case closeAsBad(String)
        case closeAsLate
    }

    private let own: Hello
    private(set) var phase = Phase.awaitingHello

    init(own: Hello) { self.own = own }

    mutating func handle(_ event: Event) -> Action? {
        switch (phase, event) {
        case (.closed, _): return nil
        case (_, .closed):
            phase = .closed
            return nil
        case (.awaitingHello, .frame(.hello(let hello))):
            if let reason = own.refusal(of: hello) {
                phase = .closed
                return .refuse(reason)
            }
            phase = .open
            return .welcome(hello)
        case (.awaitingHello, .frame): return bad("a frame before the handshake")
        case (.awaitingHello, .handshakeTimedOut):
            phase = .closed
            return .closeAsLate
        case (.open, .handshakeTimedOut): return nil
        case (.open, .frame(.batch)): return .deliver
        case (.open, .frame): return bad("a control frame that only a server sends, or a second hello")
        case (_, .malformed(let reason)): return bad(reason)
        }
    }

    private mutating func bad(_ reason: String) -> Action {
        phase = .closed
        return .closeAsBad(reason)
    }
}
