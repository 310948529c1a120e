import ServiceLifecycle
import StormSupervisor

/// A supervisor as a service: told to stop, it ends in order.
struct SupervisorService: Service {
    let supervisor: Supervisor

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await supervisor.run()
        } onGracefulShutdown: {
            supervisor.stop()
        }
    }
}
