internal import CZooKeeper
internal import Dispatch
internal import Logging
import Synchronization

/// The engine of a client: applies what the session state machine decides, and moves calls between callers and handle.
///
/// One lock guards machine, queue and the set of live calls. Events are published under it, so that every subscriber
/// sees them in the order in which they were decided; calls are sent and ended after it is released. Handles are
/// opened and closed on a queue of their own, because both may block.
final class ClientCore: Sendable {
    private struct State {
        var machine: SessionStateMachine
        var queue: CallQueue<Call>
        var handle: NativeHandle?
        /// Calls that were asked for and have not ended, and their deadlines' keeper.
        var live: [ObjectIdentifier: Call] = [:]
        var authentications: [ZooKeeperAuthentication]
        var earlierSessions: [SessionID] = []
        var wakeAt: ContinuousClock.Instant?
        var closing: [CheckedContinuation<Void, Never>] = []
        var openHandles = 0
    }

    let configuration: ZooKeeperConfiguration
    let logger: Logger
    let chroot: Chroot
    let operationTimeout: Duration
    private let state: Mutex<State>
    private let events = Broadcast<SessionEvent>(buffered: 64)
    private let timers = DispatchQueue(label: "zookeeper.timers")
    private let resuming: NativeHandle.Credentials?
    private let counted = Mutex(ClientTraffic())

    var traffic: ClientTraffic { counted.withLock { $0 } }

    /// Sessions remembered so that recipes recognise nodes of their own past.
    private static let earlierSessionsMax = 16

    init(configuration: ZooKeeperConfiguration, logger: Logger, resuming: NativeHandle.Credentials? = nil) {
        self.configuration = configuration
        self.logger = logger
        self.resuming = resuming
        chroot = Chroot(configuration.chroot)
        operationTimeout = configuration.operationTimeout ?? configuration.sessionTimeout
        state = Mutex(
            State(
                machine: SessionStateMachine(
                    sessionTimeout: configuration.sessionTimeout, backoff: configuration.reopenBackoff,
                    seed: UInt64.random(in: .min ... .max)),
                queue: CallQueue(inFlightMax: configuration.inFlightMax, waitingMax: configuration.waitingMax),
                authentications: configuration.authentications))
    }

    // MARK: session

    func start() {
        NativeLog.install(logger)
        apply { machine, _ in machine.start() }
    }

    func subscribe() -> AsyncStream<SessionEvent> {
        state.withLock { events.subscribe(first: $0.machine.last) }
    }

    var lastEvent: SessionEvent { state.withLock { $0.machine.last } }

    var holdsLease: Bool { state.withLock { $0.machine.holdsLease(at: .now) } }

    var earlierSessions: [SessionID] { state.withLock { $0.earlierSessions } }

    var currentHandle: NativeHandle? { state.withLock { $0.handle } }

    /// Calls that were asked for and have not ended.
    var liveCount: Int { state.withLock { $0.live.count } }

    /// The session that exists for certain, with its lease; `nil` when there is none.
    var sessionID: SessionID? {
        state.withLock { state in
            guard state.machine.holdsLease(at: .now) else { return nil }
            return state.machine.last.sessionID
        }
    }

    func connected(_ number: HandleNumber, session: SessionID, timeout: Duration) {
        apply { machine, now in machine.connected(number, session: session, timeout: timeout, now: now) }
    }

    func disconnected(_ number: HandleNumber) {
        apply { machine, _ in machine.disconnected(number) }
    }

    func handleDied(_ number: HandleNumber, reason: ZooKeeperError.Code) {
        if reason == .authFailed {
            logger.error("ZooKeeper refused our credentials; the session is replaced")
        }
        apply { machine, now in machine.handleDied(number, now: now) }
    }

    /// Ends the session, fails all calls and watches with `closed`, and returns when everything is freed.
    func close() async {
        apply { machine, _ in machine.close() }
        endCalls(.closed) { _ in true }
        events.finish()
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.openHandles == 0 { return true }
                state.closing.append(continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    /// As `close`, for a client that was let go of: nobody waits.
    func abandon() {
        apply { machine, _ in machine.close() }
        endCalls(.closed) { _ in true }
        events.finish()
    }

    // MARK: calls

    /// Sends a call, or lets it wait for a slot or a connection, and returns its reply. Ends at the deadline, when
    /// the task is cancelled, and when the client is closed, whatever the server does.
    func perform(_ call: Call) async throws -> Reply {
        let start = ContinuousClock.now
        var failed = true
        defer {
            _ = state.withLock { $0.live.removeValue(forKey: ObjectIdentifier(call)) }
            counted.withLock {
                $0.add(call.operation, isWrite: !call.isRead, took: start.duration(to: .now), failed: failed)
            }
        }
        do {
            let reply = try await call.value { self.admit(call) }
            failed = false
            return reply
        } catch {
            // An answer like "no such node" is one.
            failed = (error as? ZooKeeperError).map { !$0.isAnswer } ?? false
            throw error
        }
    }

    private func admit(_ call: Call) {
        enum Step { case send(NativeHandle), wait, reject, closed }
        let step = state.withLock { state -> Step in
            if state.machine.isClosed { return .closed }
            let handle = state.machine.isConnected ? state.handle : nil
            var admission = state.queue.admit(call, isConnected: handle != nil)
            if admission == .reject {
                // Calls that were cancelled while they waited still stand in line.
                _ = state.queue.removeWaiting { $0.isEnded }
                admission = state.queue.admit(call, isConnected: handle != nil)
            }
            if admission == .reject { return .reject }
            state.live[ObjectIdentifier(call)] = call
            guard admission == .send, let handle else { return .wait }
            return .send(handle)
        }
        switch step {
        case .send(let handle): if send(call, on: handle) == .callRefused { pump() }
        case .wait: pump()
        case .reject: call.fail(.overloaded, detail: "\(configuration.waitingMax) calls wait already")
        case .closed: call.fail(.closed)
        }
        scheduleWake()
    }

    private enum Sending {
        case sent
        /// Its slot is free, and the next call may go out.
        case callRefused
        /// The present handle takes nothing any more. The library knows before we are told of the session's end.
        case handleRefused
    }

    /// A call that holds a slot goes out.
    private func send(_ call: Call, on handle: NativeHandle) -> Sending {
        let code = handle.send(call, now: .now)
        if code == 0 { return .sent }
        settle(call, code: code, reply: nil)
        // With another handle there by now, nobody else would send what stands in line again.
        return Self.isLoss(code) && state.withLock { $0.handle === handle } ? .handleRefused : .callRefused
    }

    /// Sends waiting calls as long as there are slots. A handle that refuses gets no more of them: they wait for the next
    /// connection (`resumeCalls`) or for their deadlines.
    private func pump() {
        while true {
            let next = state.withLock { state -> (Call, NativeHandle)? in
                guard state.machine.isConnected, let handle = state.handle else { return nil }
                while let call = state.queue.next() {
                    if !call.isEnded { return (call, handle) }
                    state.queue.slotFreed()
                }
                return nil
            }
            guard let (call, handle) = next, send(call, on: handle) != .handleRefused else { return }
        }
    }

    /// The server or the library answered a call that was sent. Callback thread.
    func answered(
        _ call: Call, on handle: NativeHandle, sentAt: ContinuousClock.Instant, code: Int32, reply: Reply?
    ) {
        let isContact = Self.isFromServer(code)
        if isContact || call.isProbe {
            apply { machine, _ in
                if call.isProbe { machine.probeEnded(handle.number) }
                return isContact ? machine.answered(handle.number, sentAt: sentAt) : []
            }
        }
        guard !call.isProbe else { return }
        settle(call, code: code, reply: reply)
        pump()
    }

    /// A call that was out is back: its slot is free, and it ends, or stands in line again.
    private func settle(_ call: Call, code: Int32, reply: Reply?) {
        let (isAgain, isClosed) = state.withLock { state -> (Bool, Bool) in
            state.queue.slotFreed()
            guard call.isRead, Self.isLoss(code), !state.machine.isClosed, !call.isEnded, .now < call.deadline else {
                return (false, state.machine.isClosed)
            }
            state.queue.readmit(call)
            return (true, false)
        }
        if !isAgain {
            if let reply { call.end(.success(reply)) } else { call.fail(Self.meaning(of: code, isClosed: isClosed)) }
        }
    }

    /// The library's word for a handle that is gone, in terms of the client, which lives on with another handle.
    private static func meaning(of code: Int32, isClosed: Bool) -> ZooKeeperError.Code {
        switch code {
        case ZCLOSING.rawValue, ZINVALIDSTATE.rawValue: isClosed ? .closed : .sessionExpired
        default: ZooKeeperError.Code(rawValue: code)
        }
    }

    /// Whether the code proves that the server received the request.
    private static func isFromServer(_ code: Int32) -> Bool {
        code == 0 || code <= ZAPIERROR.rawValue && !isLocal(code)
    }

    private static func isLocal(_ code: Int32) -> Bool {
        [ZCLOSING, ZINVALIDCALLBACK, ZNOTHING, ZSESSIONEXPIRED, ZAUTHFAILED].contains { $0.rawValue == code }
    }

    private static func isLoss(_ code: Int32) -> Bool {
        [ZCONNECTIONLOSS, ZSESSIONEXPIRED, ZCLOSING, ZINVALIDSTATE, ZSESSIONMOVED, ZOPERATIONTIMEOUT]
            .contains { $0.rawValue == code }
    }

    private func endCalls(_ code: ZooKeeperError.Code, where isMeant: (Call) -> Bool) {
        let ended = state.withLock { state in
            _ = state.queue.removeWaiting { isMeant($0) }
            return state.live.values.filter(isMeant)
        }
        for call in ended { call.fail(code) }
    }

    // MARK: authentication

    /// Authenticates this session and all later ones.
    func addAuthentication(_ authentication: ZooKeeperAuthentication) async throws {
        let call = Call(
            operation: "addAuth", path: "", isRead: false, deadline: .now + operationTimeout, send: { _, _, _ in 0 })
        let handle = state.withLock { state -> NativeHandle? in
            if !state.authentications.contains(authentication) { state.authentications.append(authentication) }
            state.live[ObjectIdentifier(call)] = call
            return state.handle
        }
        defer { _ = state.withLock { $0.live.removeValue(forKey: ObjectIdentifier(call)) } }
        do {
            _ = try await call.value {
                scheduleWake()
                switch handle?.authenticate(authentication, call) {
                case 0: break
                // Without a handle the next one brings it along.
                case nil: call.end(.success(.done))
                case let code?: call.fail(ZooKeeperError.Code(rawValue: code))
                }
            }
        } catch let error as ZooKeeperError where error.code == .authFailed {
            state.withLock { state in state.authentications.removeAll { $0 == authentication } }
            throw error
        }
    }

    // MARK: applying the machine's actions

    /// Feeds the machine an event and does what it says.
    private func apply(
        _ event: (inout SessionStateMachine, ContinuousClock.Instant) -> [SessionStateMachine.Action]
    ) {
        var deferred: [SessionStateMachine.Action] = []
        var handles: [HandleNumber: NativeHandle] = [:]
        state.withLock { state in
            let actions = event(&state.machine, .now)
            for action in actions {
                switch action {
                case .publish(let event): publish(event, &state)
                case .open(let number):
                    let handle = NativeHandle(number: number, core: self)
                    state.handle = handle
                    state.openHandles += 1
                    handles[number] = handle
                    deferred.append(action)
                case .close(let number):
                    if let handle = state.handle, handle.number == number {
                        handles[number] = handle
                        state.handle = nil
                        deferred.append(action)
                    }
                case .probe, .resumeCalls:
                    if let handle = state.handle { handles[handle.number] = handle }
                    deferred.append(action)
                }
            }
        }
        for action in deferred {
            switch action {
            case .open(let number): if let handle = handles[number] { open(handle) }
            case .close(let number): if let handle = handles[number] { retire(handle) }
            case .probe(let number): if let handle = handles[number] { probe(handle) }
            case .resumeCalls: pump()
            case .publish: break
            }
        }
        scheduleWake()
    }

    private func publish(_ event: SessionEvent, _ state: inout State) {
        if event.state == .lost, event.sessionID != .none {
            state.earlierSessions.append(event.sessionID)
            if state.earlierSessions.count > Self.earlierSessionsMax { state.earlierSessions.removeFirst() }
        }
        events.send(event)
        logger.info(
            "ZooKeeper session \(event.state.rawValue)",
            metadata: [
                ZooKeeperLogKey.session: "\(event.sessionID)", ZooKeeperLogKey.generation: "\(event.generation)",
            ])
    }

    private func open(_ handle: NativeHandle) {
        let servers = configuration.servers.joined(separator: ",")
        let authentications = state.withLock { $0.authentications }
        handle.blocking.async { [self] in
            let code = handle.open(
                servers: servers, sessionTimeout: configuration.sessionTimeout,
                resuming: handle.number.rawValue == 1 ? resuming : nil, authentications: authentications)
            if code != 0 { return openFailed(handle, code) }
            apply { machine, now in
                machine.handleOpened(handle.number, now: now)
                return []
            }
            let added = state.withLock { $0.authentications }.filter { !authentications.contains($0) }
            handle.authenticateInBackground(added)
            handle.reportIfConnected()
        }
    }

    private func openFailed(_ handle: NativeHandle, _ code: Int32) {
        logger.warning(
            "cannot open a ZooKeeper handle",
            metadata: [
                ZooKeeperLogKey.servers: "\(configuration.servers)", ZooKeeperLogKey.error: "errno \(code)",
            ])
        // A handle that is being retired is counted there.
        let isOurs = state.withLock { state in
            guard state.handle === handle else { return false }
            state.handle = nil
            return true
        }
        if isOurs { handleClosed() }
        apply { machine, now in machine.handleFailedToOpen(handle.number, now: now) }
    }

    private func retire(_ handle: NativeHandle) {
        let isClosed = state.withLock { $0.machine.isClosed }
        handle.endSession(isClosed ? .closed : .sessionLost)
        if !isClosed { endQueuedWrites() }
        handle.blocking.asyncAfter(deadline: .now() + (isClosed ? .milliseconds(0) : Self.settlingTime)) { [self] in
            handle.close()
            handleClosed()
        }
    }

    /// Pause before the handle of a lost session is closed.
    ///
    /// Its I/O thread has ended with the session, so only the completion thread, which told us, still has a reference. If
    /// that thread left its loop after `zookeeper_close` has asked it to but before the same function takes a reference
    /// of its own, both would free the handle (3.8; seen once as a crash in its `pthread_join`). After the pause the
    /// thread waits on its condition, and is only woken when the reference is taken.
    private static let settlingTime = DispatchTimeInterval.milliseconds(100)

    /// Writes that were asked for in one session never run in the next: their sender may have lost his right to them.
    private func endQueuedWrites() {
        let writes = state.withLock { state in state.queue.removeWaiting { !$0.isRead } }
        for call in writes { call.fail(.sessionExpired, detail: "not sent") }
    }

    private func handleClosed() {
        let waiting = state.withLock { state in
            state.openHandles -= 1
            if state.openHandles > 0 { return [CheckedContinuation<Void, Never>]() }
            defer { state.closing = [] }
            return state.closing
        }
        for continuation in waiting { continuation.resume() }
    }

    private func probe(_ handle: NativeHandle) {
        let call = Call(
            operation: "probe", path: "/", isRead: true, isProbe: true, deadline: .now + operationTimeout,
            send: { pointer, call, _ in zoo_aexists(pointer, "/", 0, onNativeStat, call) })
        if handle.send(call, now: .now) != 0 {
            state.withLock { $0.machine.probeEnded(handle.number) }
        }
    }

    // MARK: time

    /// Makes sure that `tick` runs when the machine or a call's deadline wants it.
    private func scheduleWake() {
        let wakeAt = state.withLock { state -> ContinuousClock.Instant? in
            if state.machine.isClosed { return nil }
            var next = state.machine.nextDeadline
            if !state.live.isEmpty {
                let sweepAt = ContinuousClock.now + sweepInterval
                next = next.map { min($0, sweepAt) } ?? sweepAt
            }
            guard let next else { return nil }
            if let wakeAt = state.wakeAt, wakeAt <= next { return nil }
            state.wakeAt = next
            return next
        }
        guard let wakeAt else { return }
        let delay = max(.milliseconds(1), ContinuousClock.now.duration(to: wakeAt))
        timers.asyncAfter(deadline: .now() + .nanoseconds(delay.nanosecondsClamped)) { [weak self] in
            self?.wake(wakeAt)
        }
    }

    /// How often deadlines of calls are looked at, and so how late one may be noticed.
    private var sweepInterval: Duration { max(.milliseconds(5), min(operationTimeout / 8, .milliseconds(500))) }

    private func wake(_ scheduled: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        let late = state.withLock { state -> [Call] in
            if state.wakeAt == scheduled { state.wakeAt = nil }
            return state.live.values.filter { $0.deadline <= now }
        }
        for call in late { call.fail(.operationTimeout) }
        if !late.isEmpty { dropEndedWaiting() }
        apply { machine, now in machine.tick(now) }
    }

    private func dropEndedWaiting() {
        state.withLock { state in _ = state.queue.removeWaiting { $0.isEnded } }
    }
}
