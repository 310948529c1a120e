/// The life of a client's sessions: events and times in, actions out. No I/O, no clock, no randomness of its own.
///
/// Handles are numbered; whatever comes from another handle than the current one is ignored.
struct SessionStateMachine: Sendable {
    enum Action: Hashable, Sendable {
        case open(HandleNumber)
        /// Close it, end its watches; calls that waited for this session must not run in the next one.
        case close(HandleNumber)
        case publish(SessionEvent)
        /// Send a heartbeat request on the handle.
        case probe(HandleNumber)
        /// Waiting calls may be sent.
        case resumeCalls
    }

    enum Phase: Hashable, Sendable {
        case idle
        case opening
        case connecting(since: ContinuousClock.Instant)
        case connected
        /// `byLease`: the handle believes it is connected, but nothing was answered in time.
        case suspended(byLease: Bool)
        case waitingToOpen(until: ContinuousClock.Instant)
        case closed
    }

    private(set) var phase: Phase = .idle
    private(set) var handle: HandleNumber = .none
    private(set) var lease: SessionLease?
    private(set) var last = SessionEvent(state: .connecting, sessionID: .none, generation: 0)
    private var attempt = 0
    private var isProbing = false
    private var random: SplitMix
    private let sessionTimeout: Duration
    private let backoff: Backoff

    init(sessionTimeout: Duration, backoff: Backoff, seed: UInt64) {
        self.sessionTimeout = sessionTimeout
        self.backoff = backoff
        self.random = SplitMix(state: seed)
    }

    var isConnected: Bool { phase == .connected }
    var isClosed: Bool { phase == .closed }

    /// Whether this client's session certainly still exists.
    func holdsLease(at now: ContinuousClock.Instant) -> Bool {
        guard let lease else { return false }
        return now < lease.lostAt
    }

    /// When `tick` wants to be called next.
    var nextDeadline: ContinuousClock.Instant? {
        switch phase {
        case .idle, .opening, .closed: nil
        case .connecting(let since): since + connectPatience
        case .waitingToOpen(let until): until
        case .suspended: lease?.lostAt
        case .connected: isProbing ? lease?.suspendAt : lease?.probeAt
        }
    }

    /// A handle that has found no server for so long is replaced, so that names are resolved afresh.
    private var connectPatience: Duration { max(sessionTimeout, .seconds(2)) }

    mutating func start() -> [Action] {
        guard phase == .idle else { return [] }
        return open()
    }

    mutating func handleOpened(_ number: HandleNumber, now: ContinuousClock.Instant) {
        guard number == handle, phase == .opening else { return }
        phase = .connecting(since: now)
    }

    mutating func handleFailedToOpen(_ number: HandleNumber, now: ContinuousClock.Instant) -> [Action] {
        guard number == handle, phase == .opening else { return [] }
        waitToOpen(now)
        return []
    }

    /// The handle reports a session. `timeout` is the negotiated one.
    mutating func connected(
        _ number: HandleNumber, session: SessionID, timeout: Duration, now: ContinuousClock.Instant
    ) -> [Action] {
        guard number == handle else { return [] }
        switch phase {
        case .opening, .connecting:
            attempt = 0
            lease = SessionLease(anchor: now, timeout: timeout)
            let first = last.generation == 0
            return becomeConnected(
                SessionEvent(
                    state: first ? .connected : .reconnected, sessionID: session,
                    generation: last.generation + 1))
        case .suspended:
            lease?.timeout = timeout
            if !holdsLease(at: now) { return lose(now) }
            // The handle is back, but when it sent what the server answered is unknown, so the lease is not renewed:
            // the answer to a probe does that, and only then calls go out again.
            phase = .suspended(byLease: true)
            isProbing = true
            return [.probe(handle)]
        case .connected:
            lease?.timeout = timeout
            return []
        case .idle, .waitingToOpen, .closed:
            return []
        }
    }

    mutating func disconnected(_ number: HandleNumber) -> [Action] {
        guard number == handle else { return [] }
        switch phase {
        case .connected: return suspend(byLease: false)
        case .suspended(byLease: true):
            phase = .suspended(byLease: false)
            return []
        default: return []
        }
    }

    /// The server has forgotten the session, or refused our credentials: the handle is dead either way.
    mutating func handleDied(_ number: HandleNumber, now: ContinuousClock.Instant) -> [Action] {
        guard number == handle else { return [] }
        switch phase {
        case .connected, .suspended: return lose(now)
        case .opening, .connecting: return replaceHandle(now)
        case .idle, .waitingToOpen, .closed: return []
        }
    }

    /// A request sent at `sentAt` was answered by the server.
    mutating func answered(_ number: HandleNumber, sentAt: ContinuousClock.Instant) -> [Action] {
        guard number == handle, lease != nil else { return [] }
        lease?.renew(sentAt: sentAt)
        guard phase == .suspended(byLease: true) else { return [] }
        return becomeConnected(
            SessionEvent(state: .reconnected, sessionID: last.sessionID, generation: last.generation))
    }

    /// The last probe has come back, well or badly.
    mutating func probeEnded(_ number: HandleNumber) {
        if number == handle { isProbing = false }
    }

    mutating func tick(_ now: ContinuousClock.Instant) -> [Action] {
        switch phase {
        case .idle, .opening, .closed: return []
        case .connecting(let since): return now >= since + connectPatience ? replaceHandle(now) : []
        case .waitingToOpen(let until): return now >= until ? open() : []
        case .suspended: return holdsLease(at: now) ? [] : lose(now)
        case .connected:
            guard let lease else { preconditionFailure("a connected session has a lease") }
            if now >= lease.lostAt { return lose(now) }
            if now >= lease.suspendAt { return suspend(byLease: true) }
            guard now >= lease.probeAt, !isProbing else { return [] }
            isProbing = true
            return [.probe(handle)]
        }
    }

    mutating func close() -> [Action] {
        if phase == .closed { return [] }
        let hadHandle = handle != .none
        phase = .closed
        lease = nil
        last = SessionEvent(state: .closed, sessionID: last.sessionID, generation: last.generation)
        return (hadHandle ? [.close(handle)] : []) + [.publish(last)]
    }

    // MARK: transitions

    private mutating func open() -> [Action] {
        handle = handle.next
        phase = .opening
        isProbing = false
        return [.open(handle)]
    }

    private mutating func becomeConnected(_ event: SessionEvent) -> [Action] {
        phase = .connected
        isProbing = true
        last = event
        return [.publish(event), .resumeCalls, .probe(handle)]
    }

    private mutating func suspend(byLease: Bool) -> [Action] {
        phase = .suspended(byLease: byLease)
        last = SessionEvent(state: .suspended, sessionID: last.sessionID, generation: last.generation)
        return [.publish(last)]
    }

    private mutating func lose(_ now: ContinuousClock.Instant) -> [Action] {
        lease = nil
        last = SessionEvent(state: .lost, sessionID: last.sessionID, generation: last.generation)
        return [.publish(last)] + replaceHandle(now)
    }

    private mutating func replaceHandle(_ now: ContinuousClock.Instant) -> [Action] {
        let old = handle
        waitToOpen(now)
        return [.close(old)]
    }

    private mutating func waitToOpen(_ now: ContinuousClock.Instant) {
        phase = .waitingToOpen(until: now + backoff.delay(attempt: attempt, random: random.nextUnit()))
        attempt += 1
    }
}

/// A small seeded generator for jitter: the state machine stays a value that tests can replay.
struct SplitMix: Sendable {
    var state: UInt64

    /// The next number in 0..<1.
    mutating func nextUnit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
    }
}
