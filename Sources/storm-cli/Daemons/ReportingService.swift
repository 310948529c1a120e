import ServiceLifecycle
import Synchronization

/// Keeps what made a service fail, for the command's one line on standard error.
final class ReportingService: Service {
    private let service: any Service
    private let text = Mutex<String?>(nil)

    init(service: any Service) { self.service = service }

    var failure: String? { text.withLock { $0 } }

    func run() async throws {
        do {
            try await service.run()
        } catch {
            text.withLock { $0 = "\(error)" }
            throw error
        }
    }
}
