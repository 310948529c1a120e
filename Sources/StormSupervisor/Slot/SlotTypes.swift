package import StormProcess

/// What the slot knows of the world: the outcome, so far, of the last ``SlotAction/fetch(_:attempt:)`` and the last
/// ``SlotAction/launch(_:worker:)``. Whoever carries out such an action sets the matching field back to its first case.
package struct SlotObservation: Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        /// The download goes on, or none was asked for.
        case unknown
        case ready
        case failed(String)
    }

    package enum Worker: Hashable, Sendable {
        /// The launch goes on, or none was asked for.
        case unknown
        case alive
        /// Its process is there, but has given no sign of life for so long.
        case hung(Duration)
        /// Its process, and what that left behind, is gone.
        case gone(ProcessExit)
        /// It could not be started at all.
        case notStarted(String)
    }

    package var code: Code
    package var worker: Worker
    /// A worker id nobody has used yet, in case one is needed.
    package var freshWorkerID: String

    package init(code: Code = .unknown, worker: Worker = .unknown, freshWorkerID: String) {
        self.code = code
        self.worker = worker
        self.freshWorkerID = freshWorkerID
    }
}

/// What the owner of a slot has to do; in this order, each once.
package enum SlotAction: Hashable, Sendable {
    /// Get the code onto this machine, if it is not there; the outcome becomes ``SlotObservation/code``.
    case fetch(WantedWorker, attempt: Int)
    /// Start a process; the outcome becomes ``SlotObservation/worker``.
    case launch(WantedWorker, worker: String)
    /// Ask the worker to stop: SIGTERM.
    case terminate(worker: String)
    /// End the worker and all it started: SIGKILL.
    case kill(worker: String)
    /// Remove the folder of a worker whose process is gone.
    case forget(worker: String)
    /// Tell people, before the worker is forgotten.
    case report(SlotFailure)
}

/// Something that should not have happened on a slot.
package struct SlotFailure: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// The worker ended although it is wanted.
        case exited(ProcessExit)
        /// It gave no sign of life for so long, and was killed.
        case hung(Duration)
        case notStarted(String)
        case downloadFailed(String)
    }

    package let wanted: WantedWorker
    /// `nil` for a download.
    package let worker: String?
    package let cause: Cause
    /// Failures in a row, this one included.
    package let failures: Int
    /// Until the next attempt.
    package let retryIn: Duration

    package init(wanted: WantedWorker, worker: String?, cause: Cause, failures: Int, retryIn: Duration) {
        self.wanted = wanted
        self.worker = worker
        self.cause = cause
        self.failures = failures
        self.retryIn = retryIn
    }
}
