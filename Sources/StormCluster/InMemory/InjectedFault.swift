/// A call on the in-memory store as fault injection sees it.
package struct CoordinationCall: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case create, get, set, delete, children, exists, multi, view, register, latch
    }

    package let kind: Kind
    /// Of a `multi`: the path of its first step.
    package let path: String

    package var isWrite: Bool {
        switch kind {
        case .create, .set, .delete, .multi, .register, .latch: true
        case .get, .children, .exists, .view: false
        }
    }
}

/// What should go wrong with one future call of a client.
package struct InjectedFault: Sendable {
    package enum Effect: Hashable, Sendable {
        /// Fails before anything happened.
        case fail(CoordinationError.Code)
        /// The call takes effect, but its caller gets `unavailable`.
        case loseReply
        /// The session ends unnoticed just before the call, which then goes on in a new one.
        case expireSession
    }

    package let effect: Effect
    /// The fault waits for the first call that this accepts.
    package let matches: @Sendable (CoordinationCall) -> Bool

    package init(_ effect: Effect, matches: @escaping @Sendable (CoordinationCall) -> Bool = { _ in true }) {
        self.effect = effect
        self.matches = matches
    }
}
