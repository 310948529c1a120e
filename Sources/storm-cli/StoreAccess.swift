import Logging
import StormCluster
import StormClusterZooKeeper
import StormConsole
import StormCore
import ZooKeeper

/// Connects commands to the coordination store itself, for what no nimbus answers. Whatever `body` does, the session is
/// closed afterwards.
enum StoreAccess {
    /// - Parameters:
    ///   - servers: `host:port`; nil: those of the configuration.
    ///   - chroot: what is `/` to the client; nil: the cluster's root.
    ///   - limit: for the connection; nil: as it is configured.
    static func settings(
        _ config: Config, servers: [String]? = nil, chroot: String? = nil, within limit: Duration? = nil
    ) -> ZooKeeperConfiguration {
        var configuration = ZooKeeperConfiguration(servers: servers ?? config.zookeeperAddresses)
        configuration.chroot = chroot ?? config[.stormZookeeperRoot]
        configuration.sessionTimeout = config.duration(.stormZookeeperSessionTimeout)
        configuration.connectTimeout = limit ?? config.duration(.stormZookeeperConnectionTimeout)
        return configuration
    }

    static let quiet = Logger(label: "storm") { _ in SwiftLogNoOpLogHandler() }

    /// Calls `body` with the cluster's store.
    /// - Parameter unreachable: the exit status when no ZooKeeper answers.
    /// - Throws: `CommandFailure` when no ZooKeeper answers, and what `body` throws.
    static func withStore<Result: Sendable>(
        _ config: Config, servers: [String]? = nil, within limit: Duration? = nil,
        unreachable: CommandExit = .unreachable, _ body: (ZooKeeperStore) async throws -> Result
    ) async throws -> Result {
        let settings = settings(config, servers: servers, within: limit)
        let store: ZooKeeperStore
        do {
            store = try await ZooKeeperStore.connect(settings, logger: quiet)
        } catch {
            throw noZooKeeper(settings, error, unreachable)
        }
        do {
            let result = try await body(store)
            await store.close()
            return result
        } catch {
            await store.close()
            throw error
        }
    }

    /// Calls `body` with what the cluster remembers.
    /// - Throws: `CommandFailure`, `unreachable` when no ZooKeeper answers.
    static func withState<Result: Sendable>(
        _ config: Config, within limit: Duration? = nil, _ body: (ClusterState) async throws -> Result
    ) async throws -> Result {
        do {
            return try await withStore(config, within: limit) { try await body(ClusterState($0)) }
        } catch let error as CoordinationError {
            throw CommandFailure("ZooKeeper: \(error)", error.isRetriable ? .unreachable : .notDone)
        } catch let error as ClusterRecordError {
            throw CommandFailure("\(error)")
        }
    }

    /// Calls `body` with a client that sees the whole tree.
    /// - Throws: `CommandFailure` when no ZooKeeper answers, and what `body` throws.
    static func withClient(_ config: Config, _ body: (ZooKeeperClient) async throws -> Void) async throws {
        let settings = settings(config, chroot: "/")
        let client: ZooKeeperClient
        do {
            client = try await ZooKeeperClient.connect(settings, logger: quiet)
        } catch {
            throw noZooKeeper(settings, error, .unreachable)
        }
        do {
            try await body(client)
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    private static func noZooKeeper(
        _ settings: ZooKeeperConfiguration, _ error: any Error, _ code: CommandExit
    ) -> CommandFailure {
        CommandFailure(
            "no ZooKeeper answers at \(settings.servers.joined(separator: ", ")) (\(error)); see "
                + "storm.zookeeper.servers and storm.zookeeper.port", code)
    }
}

extension ClusterState {
    /// The living topology of a name, the newest one if a killed one is still there.
    func topology(named name: String) async throws -> StormBaseRecord {
        let storms = try await self.storms.readable()
        let newest = storms.records.values.map(\.record).filter { $0.name == name }.max {
            $0.submittedAtMilliseconds < $1.submittedAtMilliseconds
        }
        guard let base = newest else { throw UnknownTopology.failure(name, in: storms) }
        return base
    }
}
