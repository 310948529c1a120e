import StormCluster
import Synchronization

/// Picks one of a client's writes by its number.
final class PickedWrite: Sendable {
    private let calls = Mutex(0)
    let number: Int

    /// - Parameter number: 0 for the next write.
    init(_ number: Int) { self.number = number }

    func matches(_ call: CoordinationCall) -> Bool {
        guard call.isWrite else { return false }
        return calls.withLock { calls in
            defer { calls += 1 }
            return calls == number
        }
    }

    /// Whether that write came.
    var wasMade: Bool { calls.withLock { $0 > number } }
}
