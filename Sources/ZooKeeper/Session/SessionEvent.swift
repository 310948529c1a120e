/// What a session can be in, in the words of Apache Curator.
public enum SessionState: String, Sendable {
    /// No session yet.
    case connecting
    /// The client's first session is there.
    case connected
    /// No contact; the session may still live. Calls wait; ephemeral nodes are still there.
    case suspended
    /// Contact again: the same session as before, or a new one when `lost` came between (compare `generation`).
    case reconnected
    /// The session is gone, by the server's word or by our own clock: ephemeral nodes and watches are too. A new
    /// session is being opened.
    case lost
    /// The client was closed.
    case closed
}

/// A change of a client's session.
public struct SessionEvent: Hashable, Sendable {
    public let state: SessionState
    /// The session concerned; for `lost` the one that went.
    public let sessionID: SessionID
    /// Counts the client's sessions from 1; 0 before the first. Whoever missed events sees here that ephemeral nodes
    /// must be made again.
    public let generation: Int

    package init(state: SessionState, sessionID: SessionID, generation: Int) {
        self.state = state
        self.sessionID = sessionID
        self.generation = generation
    }
}

/// Counts the native handles a client opened, so that late events of an old one are told apart.
struct HandleNumber: Hashable, Sendable {
    var rawValue: Int
    static let none = HandleNumber(rawValue: 0)
    var next: HandleNumber { HandleNumber(rawValue: rawValue + 1) }
}
