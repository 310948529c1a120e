import StormThrift
import Synchronization

/// A nimbus that remembers the last call and answers with samples, or throws what it is told to.
final class RecordingNimbus: NimbusService {
    struct Call: Equatable {
        var method = ""
        var arguments: [AnyHashable] = []
    }

    private struct State: Sendable {
        var method = ""
        var arguments: [any Hashable & Sendable] = []
        var error: (any Error)?
    }

    private let state = Mutex(State())

    /// Thrown by every call from now on; nil: none.
    func fail(with error: (any Error)?) { state.withLock { $0.error = error } }

    var lastCall: Call {
        state.withLock { state in Call(method: state.method, arguments: state.arguments.map { AnyHashable($0) }) }
    }

    func record(_ method: String, _ arguments: any Hashable & Sendable...) throws {
        try state.withLock { state in
            state.method = method
            state.arguments = arguments
            if let error = state.error { throw error }
        }
    }
}
