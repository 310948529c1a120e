internal import CStormSystem
internal import Glibc
internal import Synchronization

/// A process under watch: a child (``ChildProcess/spawn(_:)``) or one found again (``adopt(_:)``).
///
/// Its end is noticed at once by the kernel's process descriptor, never by polling. Dropping the handle stops nothing:
/// the process runs on, is still watched, and a child is still reaped. All methods may be called on any thread.
package final class ProcessHandle: Sendable {
    package let identity: ProcessIdentity
    /// `false`: adopted, so its exit status stays ``ProcessExit/unknown``.
    package let isChild: Bool
    /// It leads a session of its own; else ``Scope/session`` means just the process.
    package let leadsSession: Bool

    package var pid: Int32 { identity.pid }

    package enum Scope: Sendable {
        case process
        /// The process and everything it started that did not leave its session.
        case session
        /// The process and everything it started that did not leave its process group.
        case group
    }

    private struct State {
        /// Open until the process has ended; -1 afterwards. Used only under the lock, so never after its close.
        var descriptor: Int32
        var status: ProcessExit?
        var waiters: [UInt64: CheckedContinuation<ProcessExit, any Error>] = [:]
        var nextWaiter: UInt64 = 0
        var output: TailBuffer
        var errors: TailBuffer
    }

    private let state: Mutex<State>

    /// Takes ownership of the process descriptor.
    init(
        identity: ProcessIdentity, descriptor: Int32, isChild: Bool, leadsSession: Bool, outputBytesMax: Int = 0,
        errorBytesMax: Int = 0
    ) {
        self.identity = identity
        self.isChild = isChild
        self.leadsSession = leadsSession
        state = Mutex(
            State(
                descriptor: descriptor, output: TailBuffer(bytesMax: outputBytesMax),
                errors: TailBuffer(bytesMax: errorBytesMax)))
    }

    /// Watches a process that this program did not start: a worker of a former supervisor.
    /// - Throws: ``ProcessError`` `gone` when the process with this identity does not run (any more).
    package static func adopt(_ identity: ProcessIdentity) async throws -> ProcessHandle {
        let watcher = try ProcessWatcher.shared.get()
        return try await withCheckedThrowingContinuation { continuation in
            watcher.submit(.adopt(identity) { continuation.resume(with: $0) })
        }
    }

    package static func adopt(pid: Int32, startTicks: UInt64) async throws -> ProcessHandle {
        try await adopt(ProcessIdentity(pid: pid, startTicks: startTicks, bootID: ProcessIdentity.thisBoot))
    }

    // MARK: Observation

    /// `nil` while it runs.
    package var exitStatus: ProcessExit? { state.withLock { $0.status } }

    package var isAlive: Bool { exitStatus == nil }

    /// Memory and processor time now; `nil` when it has ended.
    package var usage: ProcessUsage? { isAlive ? ProcessUsage.read(pid: pid) : nil }

    /// What standard output wrote last, if the specification says `capture`; complete once the process has ended.
    package var capturedOutput: TailBuffer { state.withLock { $0.output } }
    /// What standard error wrote last, if the specification says `capture`; complete once the process has ended.
    package var capturedErrors: TailBuffer { state.withLock { $0.errors } }

    /// Suspends until the process has ended; returns at once if it has.
    /// - Throws: only `CancellationError`, when the waiting task is cancelled.
    package func waitForExit() async throws -> ProcessExit {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<ProcessExit, any Error>? = state.withLock { state in
                    if let status = state.status { return .success(status) }
                    // A cancellation before this point found no waiter to resume; one after it will.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiters[waiter] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume(throwing: CancellationError())
        }
    }

    /// As ``waitForExit()``, but at most this long: `nil` means it still runs.
    package func waitForExit(within limit: Duration) async throws -> ProcessExit? {
        if let exitStatus { return exitStatus }
        return try await withThrowingTaskGroup(of: ProcessExit?.self) { group in
            group.addTask { try await self.waitForExit() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    // MARK: Signals

    /// Sends a signal; `false` when there is nobody (left) to get it.
    @discardableResult
    package func send(_ signal: Signal, scope: Scope = .process) -> Bool {
        let reached = state.withLock { state in
            state.descriptor >= 0 && storm_pidfd_send_signal(state.descriptor, signal.number) == 0
        }
        switch scope {
        case .session where leadsSession:
            return SessionMembers.send(signal, session: identity, exceptLeader: true) > 0 || reached
        case .group: return SessionMembers.send(signal, group: identity, exceptLeader: true) > 0 || reached
        default: return reached
        }
    }

    /// Ends the process: SIGTERM, after `grace` SIGKILL. With scope `session`, what its descendants left running when
    /// it is gone is killed too. Goes on to the end even if the calling task is cancelled.
    /// - Throws: ``ProcessError`` `unkillable` when it is still there `killLimit` after SIGKILL.
    @discardableResult
    package func terminate(grace: Duration, scope: Scope = .process, killLimit: Duration = .seconds(10)) async throws
        -> ProcessExit
    {
        // A task of its own: a cancelled caller must not leave the work half done.
        try await Task { try await self.terminateUncancelled(grace: grace, scope: scope, killLimit: killLimit) }.value
    }

    /// Kills what the process started and left behind in its session, or has marked (`DescendantMark`). For after its
    /// end; reads all of /proc.
    package func killLeftovers() {
        guard leadsSession else { return }
        SessionMembers.killAll(session: identity)
        DescendantMark(all: identity).killAll()
    }

    /// As `killLeftovers`, for a process that leads a group and no session.
    package func killGroupLeftovers() { SessionMembers.killAll(group: identity) }

    private func terminateUncancelled(grace: Duration, scope: Scope, killLimit: Duration) async throws -> ProcessExit {
        if grace > .zero { send(.terminate, scope: scope) }
        var status = grace > .zero ? try await waitForExit(within: grace) : exitStatus
        if status == nil {
            send(.kill, scope: scope)
            status = try await waitForExit(within: killLimit)
        }
        guard let status else {
            throw ProcessError(
                .unkillable, "\(identity) still exists \(killLimit) after SIGKILL; it hangs in the kernel")
        }
        if scope == .session { killLeftovers() }
        return status
    }

    // MARK: For the watcher, on its thread

    func appendOutput(_ bytes: ArraySlice<UInt8>) { state.withLock { $0.output.append(bytes) } }
    func appendErrors(_ bytes: ArraySlice<UInt8>) { state.withLock { $0.errors.append(bytes) } }

    /// The one and only end: closes the descriptor, tells everybody who waits.
    func finish(_ status: ProcessExit) {
        let waiters = state.withLock { state in
            if state.descriptor >= 0 { close(state.descriptor) }
            state.descriptor = -1
            state.status = status
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }
}
