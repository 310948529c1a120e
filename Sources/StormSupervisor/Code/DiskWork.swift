internal import Dispatch

/// Work that waits for the disk for long: it runs on a thread of its own, and no task thread waits for it. Not for what a
/// simulated supervisor does: that has one thread.
enum DiskWork {
    /// Suspends until `work` has ended; the task's cancellation does not end it earlier.
    /// - Throws: what `work` threw.
    static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { continuation.resume(with: Result { try work() }) }
        }
    }
}
