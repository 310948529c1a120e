import ServiceLifecycle
import StormNimbus

/// A nimbus as a service: told to stop, its task is cancelled, which ends it in order.
struct NimbusService: Service {
    let nimbus: Nimbus

    func run() async throws {
        let running = Task { try await nimbus.run() }
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await running.value
        } onCancelOrGracefulShutdown: {
            running.cancel()
        }
    }
}
