import Synchronization

/// What a call gave, copied out of the C library's memory.
enum Reply: Sendable {
    case done
    case stat(NodeStat)
    case data([UInt8], NodeStat)
    case children([String], NodeStat)
    case path(String, NodeStat)
    case acl([AccessControl], NodeStat)
    case multi([MultiResult])
}

/// One request: how to send it, who waits for it, and that he is answered exactly once.
///
/// Whoever comes first ends it: the C library's completion, the deadline, the caller's cancellation, the client's
/// close. The completion may still arrive afterwards; it then only frees what it holds.
final class Call: Sendable {
    /// Starts the request on an open handle. The first pointer is the call, the second the watch context. Runs under
    /// the handle's lock and must not block. Returns the library's code; anything but 0 means no completion follows.
    typealias Send = @Sendable (OpaquePointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int32

    let operation: String
    /// Relative to the chroot.
    let path: String
    /// Reads may be sent again after a lost connection, and in a later session; writes never.
    let isRead: Bool
    /// A heartbeat: takes no slot in the queue.
    let isProbe: Bool
    let deadline: ContinuousClock.Instant
    let watch: WatchRequest?
    let send: Send

    private struct State {
        var continuation: CheckedContinuation<Reply, any Error>?
        var early: Result<Reply, any Error>?
        var isEnded = false
        var sent: (handle: NativeHandle, at: ContinuousClock.Instant)?
    }

    private let state = Mutex(State())

    init(
        operation: String, path: String, isRead: Bool, isProbe: Bool = false, deadline: ContinuousClock.Instant,
        watch: WatchRequest? = nil, send: @escaping Send
    ) {
        self.operation = operation
        self.path = path
        self.isRead = isRead
        self.isProbe = isProbe
        self.deadline = deadline
        self.watch = watch
        self.send = send
    }

    /// Suspends until the call has ended. `start` is called once the answer can be taken. At most one awaits.
    func value(start: () -> Void) async throws -> Reply {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let early = state.withLock { state -> Result<Reply, any Error>? in
                    if let early = state.early { return early }
                    state.continuation = continuation
                    return nil
                }
                if let early { continuation.resume(with: early) } else { start() }
            }
        } onCancel: {
            end(.failure(CancellationError()))
        }
    }

    /// Ends the call unless it has ended; whether this was what ended it.
    @discardableResult
    func end(_ result: Result<Reply, any Error>) -> Bool {
        let (first, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Reply, any Error>?) in
            if state.isEnded { return (false, nil) }
            state.isEnded = true
            if state.continuation == nil { state.early = result }
            defer { state.continuation = nil }
            return (true, state.continuation)
        }
        continuation?.resume(with: result)
        return first
    }

    @discardableResult
    func fail(_ code: ZooKeeperError.Code, detail: String = "") -> Bool {
        end(.failure(ZooKeeperError(code, operation, path: path, detail: detail)))
    }

    var isEnded: Bool { state.withLock { $0.isEnded } }

    /// Notes the handle and time of sending.
    func willBeSent(on handle: NativeHandle, at now: ContinuousClock.Instant) {
        state.withLock { $0.sent = (handle, now) }
    }

    /// Handle and time of the last sending; taken by the completion, which so drops the handle.
    func takeSent() -> (handle: NativeHandle, at: ContinuousClock.Instant)? {
        state.withLock { state in
            defer { state.sent = nil }
            return state.sent
        }
    }
}
