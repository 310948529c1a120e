internal import Dispatch
internal import Synchronization

/// Starts programs.
package enum ChildProcess {
    /// Starts a program; returns after its `exec` succeeded.
    ///
    /// All starts happen one after the other on one thread that lives as long as this process: the kernel binds
    /// ``ProcessSpecification/ParentEnd`` to the starting *thread*.
    ///
    /// Example:
    /// ```swift
    /// var list = ProcessSpecification(executable: "ls", arguments: ["-l"])
    /// list.standardOutput = .capture(lastBytesMax: 4096)
    /// let process = try await ChildProcess.spawn(list)
    /// let status = try await process.waitForExit()
    /// ```
    /// - Throws: ``ProcessError``.
    package static func spawn(_ specification: ProcessSpecification) async throws -> ProcessHandle {
        let (call, watcher) = try prepare(specification)
        return try await withCheckedThrowingContinuation { continuation in
            watcher.submit(.spawn(call) { continuation.resume(with: $0) })
        }
    }

    /// As ``spawn(_:)`` for callers that cannot suspend; blocks the thread for the few milliseconds it takes.
    package static func spawnBlocking(_ specification: ProcessSpecification) throws -> ProcessHandle {
        let (call, watcher) = try prepare(specification)
        let answer = BlockingAnswer()
        watcher.submit(.spawn(call) { answer.put($0) })
        return try answer.take()
    }

    private static func prepare(_ specification: ProcessSpecification) throws -> (SpawnCall, ProcessWatcher) {
        (try SpawnCall(specification), try ProcessWatcher.shared.get())
    }
}

/// Hands one result from the watcher's thread to a blocked one.
private final class BlockingAnswer: Sendable {
    private let result = Mutex<Result<ProcessHandle, ProcessError>?>(nil)
    private let ready = DispatchSemaphore(value: 0)

    func put(_ value: Result<ProcessHandle, ProcessError>) {
        result.withLock { $0 = value }
        ready.signal()
    }

    func take() throws -> ProcessHandle {
        ready.wait()
        guard let value = result.withLock({ $0 }) else { preconditionFailure("signalled without a result") }
        return try value.get()
    }
}
