import Logging
import StormProcess

/// The worker's sign of life for its supervisor: it touches a file. No ZooKeeper is involved.
///
/// It comes from the same threads that serve the worker's records and requests, so a process that is stopped, or whose
/// threads wait for each other, is silent, and its supervisor kills it. A component that blocks is no reason: the engine's
/// watchdog gives it a thread of its own.
struct WorkerPulse: Sendable {
    let file: String
    let interval: Duration
    let logger: Logger

    /// Until cancelled.
    func run() async {
        var isBroken = false
        repeat {
            do {
                try SystemFile.touch(file)
                isBroken = false
            } catch {
                if !isBroken { logger.error("no sign of life for the supervisor: \(error)") }
                isBroken = true
            }
            // A cancelled sleep ends the loop.
        } while (try? await Task.sleep(for: interval)) != nil
    }
}
