import Logging
import StormCluster
import StormClusterZooKeeper
import ZooKeeper
import ZooKeeperServer

/// The coordination store that a control-plane run is measured on.
enum Ensemble: Sendable {
    /// A real server, started for the run; with one on the disk of a real cluster, answers take longer.
    case zooKeeper(ZooKeeperServer)
    /// In this process: counts the same writes, says nothing of time.
    case memory(InMemoryCoordinationServer)

    enum Kind: String, CaseIterable, Codable, Sendable { case zookeeper, memory }

    static let quiet = Logger(label: "storm-perf") { _ in SwiftLogNoOpLogHandler() }

    static func start(_ kind: Kind, heapMegabytes: Int = 1024) async throws -> Ensemble {
        switch kind {
        case .memory: return .memory(InMemoryCoordinationServer())
        case .zookeeper:
            var configuration = ZooKeeperServerConfiguration()
            configuration.heapMegabytes = heapMegabytes
            return .zooKeeper(try await ZooKeeperServer.start(configuration))
        }
    }

    /// `host:port`; nil: only this process can reach it.
    var address: String? {
        if case .zooKeeper(let server) = self { server.connectString } else { nil }
    }

    /// A session of its own.
    func connect() async throws -> any CoordinationStore {
        switch self {
        case .memory(let server): server.connect()
        case .zooKeeper(let server): try await Self.connect(server.connectString)
        }
    }

    static func connect(_ address: String) async throws -> any CoordinationStore {
        var configuration = ZooKeeperConfiguration(servers: [address])
        configuration.chroot = "/storm"
        configuration.createsChroot = true
        configuration.sessionTimeout = .seconds(40)
        return try await ZooKeeperStore.connect(configuration, logger: quiet)
    }

    /// Writes so far, everybody's.
    func transactions() async throws -> Int64 {
        switch self {
        case .memory(let server): return server.transactions
        case .zooKeeper(let server):
            let answer = await server.ask("srvr") ?? ""
            let line = answer.split(separator: "\n").first { $0.hasPrefix("Zxid: 0x") }
            guard let line, let zxid = Int64(line.dropFirst("Zxid: 0x".count), radix: 16) else {
                throw PerfError("ZooKeeper does not tell its zxid")
            }
            return zxid
        }
    }

    func end() async throws {
        if case .zooKeeper(let server) = self { try await server.remove() }
    }
}
