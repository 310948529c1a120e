import StormSupervisor
import Synchronization

/// Downloads that take until they are called off.
final class HangingBlobs: BlobSource {
    private let running = Mutex(0)

    /// Downloads under way.
    var count: Int { running.withLock { $0 } }

    func download(_ key: String, to file: String, expectedSHA256: String) async throws {
        running.withLock { $0 += 1 }
        defer { running.withLock { $0 -= 1 } }
        try await Task.sleep(for: .seconds(3600))
    }
}
