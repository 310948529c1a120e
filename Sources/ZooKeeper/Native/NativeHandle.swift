internal import CZooKeeper
internal import Dispatch
import Synchronization

/// A `zhandle_t`.
///
/// `@unchecked Sendable`: the library allows calls from any thread until the handle is closed, and `NativeHandle` keeps
/// the pointer under its lock and takes it out before it closes it.
private struct NativePointer: @unchecked Sendable {
    let raw: OpaquePointer
}

/// One `zhandle_t`: opened once, closed once, never used after.
///
/// The C library holds one reference to this object, as the context of its watcher function, from `open` until
/// `close` has returned; so a callback always finds it alive. Calls are sent under the lock, which makes closing wait for
/// a call that is being sent and lets a watch be removed only when nobody is about to set it.
///
/// Lock order: this lock is taken with no other lock of the module held, and none is taken under it but a call's own.
final class NativeHandle: Sendable {
    /// Session id and password of a session that is to be resumed.
    struct Credentials: Hashable, Sendable {
        var session: SessionID
        var password: [UInt8]
    }

    private struct State {
        var pointer: NativePointer?
        var watches = WatchTable()
        /// Calls the library has and has not answered; what keeps them alive for their completions.
        var outstanding: [ObjectIdentifier: Call] = [:]
        /// Set when the session is over: watches that are answered later end at once.
        var ended: WatchOutcome?
    }

    let number: HandleNumber
    /// Where `open` and `close` run, in this order.
    let blocking = DispatchQueue(label: "zookeeper.handle")
    private let core: ClientCore
    private let state = Mutex(State())

    init(number: HandleNumber, core: ClientCore) {
        self.number = number
        self.core = core
    }

    /// Opens the handle; the library starts connecting at once. Blocks while host names are resolved: for a blocking
    /// thread only. Returns 0 or errno.
    func open(
        servers: String, sessionTimeout: Duration, resuming credentials: Credentials?,
        authentications: [ZooKeeperAuthentication]
    ) -> Int32 {
        let context = Unmanaged.passRetained(self)
        let milliseconds = Int32(clamping: sessionTimeout.wholeMilliseconds)
        let password = (credentials?.password ?? []).map(CChar.init(bitPattern:))
        let opened = czk_open(
            servers, onNativeEvent, milliseconds, credentials?.session.rawValue ?? 0, password, context.toOpaque(),
            onNativeLog)
        guard let opened else {
            let code = nativeErrno()
            context.release()
            return code == 0 ? -1 : code
        }
        // Before the pointer is there, so before any call can be sent.
        for authentication in authentications { _ = Self.authenticate(opened, authentication, Self.unawaitedCall()) }
        let pointer = NativePointer(raw: opened)
        let isWanted = state.withLock { state in
            if state.ended != nil { return false }
            state.pointer = pointer
            return true
        }
        if !isWanted {
            zookeeper_close(opened)
            context.release()
        }
        return 0
    }

    /// Sends an identity for this session; `call` is ended by the answer. Returns `nil` when there is no open handle,
    /// 0, or the code with which it failed.
    func authenticate(_ authentication: ZooKeeperAuthentication, _ call: Call) -> Int32? {
        withPointer { Self.authenticate($0, authentication, call) }
    }

    /// As `authenticate`, with nobody waiting: a refusal ends the session, which is reported anyway.
    func authenticateInBackground(_ authentications: [ZooKeeperAuthentication]) {
        for authentication in authentications { _ = authenticate(authentication, Self.unawaitedCall()) }
    }

    private static func unawaitedCall() -> Call {
        Call(operation: "addAuth", path: "", isRead: false, deadline: .now, send: { _, _, _ in 0 })
    }

    private static func authenticate(
        _ pointer: OpaquePointer, _ authentication: ZooKeeperAuthentication, _ call: Call
    ) -> Int32 {
        let context = Unmanaged.passRetained(call)
        let credential = authentication.credential.map(CChar.init(bitPattern:))
        let code = zoo_add_auth(
            pointer, authentication.scheme, credential, Int32(credential.count), onNativeAuth, context.toOpaque())
        if code != 0 { context.release() }
        return code
    }

    /// Ends the watches and forbids further calls; the handle itself is closed by `close`.
    func endSession(_ outcome: WatchOutcome) {
        let waiters = state.withLock { state in
            if state.ended == nil { state.ended = outcome }
            return state.watches.drain()
        }
        for waiter in waiters { waiter.fire(outcome) }
    }

    /// Closes the handle after `endSession`. Ends the session if the connection is up. Every call that is still out is
    /// completed, with `closed`. Blocks (up to some seconds): for a blocking thread only, never a callback's.
    func close() {
        let pointer = state.withLock { state in
            precondition(state.ended != nil, "endSession comes before close")
            defer { state.pointer = nil }
            return state.pointer
        }
        guard let pointer else { return }
        let barrier = CloseBarrier()
        barrier.pass(pointer.raw)
        // Its callback runs before this has returned, or never.
        withExtendedLifetime(barrier) { _ = zookeeper_close(pointer.raw) }
        // The library's completion thread may see the close before the completions that the close queues, and then they
        // are never called (3.8: process_async of its mt adaptor is always 0). No callback can run any more.
        let unanswered = state.withLock { Array($0.outstanding.values) }
        for call in unanswered { finishNative(call, ZCLOSING.rawValue, nil) }
        Unmanaged.passUnretained(self).release()
    }

    /// Sends a call. Returns 0, or the code with which it ended: then no completion follows.
    func send(_ call: Call, now: ContinuousClock.Instant) -> Int32 {
        let watchContext = Unmanaged.passUnretained(self).toOpaque()
        return state.withLock { state in
            guard let pointer = state.pointer, state.ended == nil else { return ZCONNECTIONLOSS.rawValue }
            if let watch = call.watch { state.watches.willSet(watch.key) }
            call.willBeSent(on: self, at: now)
            state.outstanding[ObjectIdentifier(call)] = call
            let code = call.send(pointer.raw, Unmanaged.passUnretained(call).toOpaque(), watchContext)
            if code != 0 {
                // The library refuses before it has taken note of the completion.
                _ = call.takeSent()
                state.outstanding[ObjectIdentifier(call)] = nil
                if let watch = call.watch { _ = state.watches.wasNotSet(watch.key) }
            }
            return code
        }
    }

    /// A call sent here was answered. Callback thread, or the closing one.
    func answered(_ call: Call, sentAt: ContinuousClock.Instant, code: Int32, reply: Reply?) {
        state.withLock { $0.outstanding[ObjectIdentifier(call)] = nil }
        if let watch = call.watch { settle(watch, code, isWanted: !call.isEnded) }
        core.answered(call, on: self, sentAt: sentAt, code: code, reply: reply)
    }

    /// A watch fired. Callback thread.
    func watchFired(_ type: Int32, path: String) {
        let outcome: WatchOutcome
        let kinds: [WatchKind]
        switch Int(type) {
        case CZK_EVENT_CREATED: (outcome, kinds) = (.created, [.data])
        case CZK_EVENT_CHANGED: (outcome, kinds) = (.dataChanged, [.data])
        case CZK_EVENT_DELETED: (outcome, kinds) = (.deleted, [.data, .children])
        case CZK_EVENT_CHILD: (outcome, kinds) = (.childrenChanged, [.children])
        default: return
        }
        let waiters = state.withLock { state in
            kinds.flatMap { state.watches.fire(WatchKey(path: path, kind: $0)) }
        }
        for waiter in waiters { waiter.fire(outcome) }
    }

    /// The session's state changed. Callback thread.
    func sessionEvent(_ nativeState: Int32) {
        switch Int(nativeState) {
        case CZK_STATE_CONNECTED: reportConnected()
        case CZK_STATE_EXPIRED: core.handleDied(number, reason: .sessionExpired)
        case CZK_STATE_AUTH_FAILED: core.handleDied(number, reason: .authFailed)
        default: core.disconnected(number)
        }
    }

    func cancelWatch(_ key: WatchKey, _ waiter: WatchWaiter) {
        state.withLock { state in
            if state.watches.cancel(key, waiter) { Self.remove(key, state.pointer?.raw) }
        }
    }

    /// Session id and password, for `resuming`; `nil` when closed or never connected.
    var credentials: Credentials? {
        state.withLock { state in state.pointer.flatMap { Self.readCredentials($0.raw) } }
    }

    var watchCounts: (keys: Int, waiters: Int) {
        state.withLock { ($0.watches.count, $0.watches.waiterCount) }
    }

    /// Runs `body` with the native pointer under the lock; `nil` when closed. `body` must not block.
    private func withPointer<Value: Sendable>(_ body: (OpaquePointer) -> Value) -> Value? {
        state.withLock { state in state.ended == nil ? state.pointer.map { body($0.raw) } : nil }
    }

    /// For a connection that came up before `open` had stored the pointer. Reporting twice does no harm.
    func reportIfConnected() {
        let isConnected = state.withLock { state in
            state.pointer.map { zoo_state($0.raw) == Int32(CZK_STATE_CONNECTED) } ?? false
        }
        if isConnected { reportConnected() }
    }

    private func reportConnected() {
        let known = state.withLock { state -> (SessionID, Duration)? in
            guard let pointer = state.pointer?.raw, let credentials = Self.readCredentials(pointer) else { return nil }
            return (credentials.session, .milliseconds(Int64(zoo_recv_timeout(pointer))))
        }
        // The library may report before `open` has stored the pointer; `open` asks again.
        if let (session, timeout) = known { core.connected(number, session: session, timeout: timeout) }
    }

    private func settle(_ watch: WatchRequest, _ code: Int32, isWanted: Bool) {
        let isSet = code == 0 || (watch.isSetWhenMissing && code == ZNONODE.rawValue)
        let ended = state.withLock { state -> WatchOutcome? in
            if let ended = state.ended { return ended }
            let wasRemoved: Bool
            if !isSet {
                wasRemoved = state.watches.wasNotSet(watch.key)
            } else {
                let waits = isWanted && watch.waiter.registered(watch.key, on: self)
                wasRemoved = state.watches.wasSet(watch.key, waits ? watch.waiter : nil)
            }
            if wasRemoved { Self.remove(watch.key, state.pointer?.raw) }
            return nil
        }
        if let ended, isSet { watch.waiter.fire(ended) }
    }

    /// Asks the server to forget a watch. Not waited for: if it fails, the watch fires once more to nobody.
    private static func remove(_ key: WatchKey, _ pointer: OpaquePointer?) {
        guard let pointer else { return }
        _ = czk_remove_watches(pointer, key.path, key.kind.rawValue, onNativeIgnored, nil)
    }

    private static func readCredentials(_ pointer: OpaquePointer) -> Credentials? {
        var session: Int64 = 0
        var password = [CChar](repeating: 0, count: 16)
        czk_copy_session(pointer, &session, &password)
        if session == 0 { return nil }
        return Credentials(session: SessionID(rawValue: session), password: password.map(UInt8.init(bitPattern:)))
    }
}
