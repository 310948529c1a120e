import StormRuntime
import Synchronization

/// The first error of a component: a measurement with errors is none.
final class ErrorLog: Sendable {
    private let message = Mutex<String?>(nil)

    func add(_ error: ComponentError) {
        message.withLock { if $0 == nil { $0 = "component '\(error.component)': \(error.message)" } }
    }

    var first: String? { message.withLock { $0 } }
}
