/// How long a session certainly lives: the server's promise, on our own monotonic clock.
///
/// The server counts the timeout from the moment it last heard of the session, which is never before we sent the last
/// request that was answered. So until `anchor + timeout` nobody else can have seen the session expire; a tenth is
/// kept in hand. The handle's own opinion is not asked: its I/O thread can hang without a word.
struct SessionLease: Hashable, Sendable {
    /// When the last answered request was sent.
    var anchor: ContinuousClock.Instant
    /// Negotiated session timeout.
    var timeout: Duration

    /// A heartbeat is sent when no request was answered since.
    var probeAt: ContinuousClock.Instant { anchor + timeout / 3 }
    /// Without an answer until then the connection counts as lost, whatever the handle says.
    var suspendAt: ContinuousClock.Instant { anchor + timeout * 2 / 3 }
    /// The session counts as lost.
    var lostAt: ContinuousClock.Instant { anchor + timeout * 9 / 10 }

    mutating func renew(sentAt: ContinuousClock.Instant) { anchor = max(anchor, sentAt) }
}
