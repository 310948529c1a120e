import Synchronization

/// A live copy, kept by the server; after the client is closed it shows the last state it read.
final class InMemoryView: SubtreeView {
    private let server: InMemoryCoordinationServer
    private let client: Int
    private let number: Int
    private let last: Mutex<SubtreeSnapshot>
    let changes: AsyncStream<Void>

    init(
        server: InMemoryCoordinationServer, client: Int, number: Int, root: String, changes: AsyncStream<Void>
    ) {
        self.server = server
        self.client = client
        self.number = number
        self.changes = changes
        last = Mutex(SubtreeSnapshot(root: root, nodes: [:]))
    }

    func snapshot() -> SubtreeSnapshot {
        let current = server.withState { [client, number] in $0.viewSnapshot(client, number) }
        return last.withLock {
            if let current { $0 = current }
            return $0
        }
    }

    func close() { server.withState { [client, number] in $0.closeView(client, number) } }
}

final class InMemoryRegistration: EphemeralRegistration {
    private let server: InMemoryCoordinationServer
    private let client: Int
    private let number: Int
    let path: String

    init(server: InMemoryCoordinationServer, client: Int, number: Int, path: String) {
        self.server = server
        self.client = client
        self.number = number
        self.path = path
    }

    func update(_ data: [UInt8]) async throws {
        try server.withState { [client, number] in try $0.updateRegistration(client, number, data) }
    }

    func close() async { server.withState { [client, number] in $0.closeRegistration(client, number) } }
}

final class InMemoryLatch: LeaderLatchHandle {
    private let server: InMemoryCoordinationServer
    private let client: Int
    private let number: Int
    let events: AsyncStream<Bool>

    init(server: InMemoryCoordinationServer, client: Int, number: Int, events: AsyncStream<Bool>) {
        self.server = server
        self.client = client
        self.number = number
        self.events = events
    }

    var isLeader: Bool { lockPath != nil }
    var lockPath: String? { server.withState { [client, number] in $0.lockPath(client, number) } }

    func close() async { server.withState { [client, number] in $0.closeLatch(client, number) } }
}
