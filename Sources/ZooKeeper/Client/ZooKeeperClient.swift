public import Logging

/// A client of a ZooKeeper ensemble: one session at a time, replaced by itself when it is lost.
///
/// Calls may come from any task, a thousand at a time and more. Each ends by its deadline at the latest. While there is
/// no connection calls wait; reads that were under way are sent again, writes that were under way fail with
/// `connectionLoss`, and writes that still waited when the session was lost fail with `sessionExpired`: no write made for
/// one session is carried out in another.
///
/// Letting go of the client closes it; `close()` also waits until that is done.
///
/// ```swift
/// var configuration = ZooKeeperConfiguration(servers: ["zk1:2181", "zk2:2181"])
/// configuration.chroot = "/storm"
/// configuration.createsChroot = true
/// let client = try await ZooKeeperClient.connect(configuration, logger: logger)
/// try await client.create("/hello", Array("world".utf8))
/// print(try await client.get("/hello").text)
/// await client.close()
/// ```
public final class ZooKeeperClient: Sendable {
    let core: ClientCore

    /// A client that starts connecting at once and for as long as it takes. Throws `badArguments` for a faulty
    /// configuration, naming all its faults.
    public convenience init(_ configuration: ZooKeeperConfiguration, logger: Logger) throws {
        try self.init(configuration, logger: logger, resuming: nil)
    }

    init(_ configuration: ZooKeeperConfiguration, logger: Logger, resuming: NativeHandle.Credentials?) throws {
        let faults = configuration.faults
        if !faults.isEmpty {
            throw ZooKeeperError(.badArguments, "configure", detail: faults.joined(separator: "; "))
        }
        core = ClientCore(configuration: configuration, logger: logger, resuming: resuming)
        core.start()
    }

    /// A client with its first session, and its chroot if `createsChroot` asks for that. Throws `connectTimeout` when
    /// there is none within `connectTimeout`.
    public static func connect(_ configuration: ZooKeeperConfiguration, logger: Logger) async throws -> ZooKeeperClient
    {
        let client = try ZooKeeperClient(configuration, logger: logger)
        do {
            try await client.waitUntilConnected(within: configuration.connectTimeout)
            if configuration.createsChroot { try await client.createChroot() }
        } catch {
            await client.close()
            throw error
        }
        return client
    }

    deinit { core.abandon() }

    /// Ends the session (its ephemeral nodes go at once), fails what is under way with `closed`, ends all watches and
    /// event streams. Returns when everything is freed; may be called again.
    public func close() async { await core.close() }

    /// Waits for a connection; throws `connectTimeout` when there is none in time, `closed` when the client is.
    public func waitUntilConnected(within timeout: Duration) async throws {
        let events = core.subscribe()
        try await withDeadline(timeout, ZooKeeperError(.connectTimeout, "connect", detail: serversText)) {
            for await event in events {
                switch event.state {
                case .connected, .reconnected: return
                case .closed: throw ZooKeeperError(.closed, "connect")
                case .connecting, .suspended, .lost: continue
                }
            }
            try Task.checkCancellation()
            throw ZooKeeperError(.closed, "connect")
        }
    }

    /// The session's changes, beginning with the present state; each caller gets a stream of its own. It keeps the 64
    /// newest events, and `generation` shows whether a lost session was missed. Ends when the client is closed.
    public func sessionEvents() -> AsyncStream<SessionEvent> { core.subscribe() }

    /// The state of the session, as last published.
    public var session: SessionEvent { core.lastEvent }

    /// Whether our session exists for certain, by our own clock. See `SessionLease`.
    public var holdsLease: Bool { core.holdsLease }

    /// The session that exists for certain; `nil` when there is none.
    public var sessionID: SessionID? { core.sessionID }

    /// Lost sessions of this client, oldest first, at most 16: nodes they own are ours to clear away.
    public var earlierSessions: [SessionID] { core.earlierSessions }

    /// The configuration the client was made with.
    public var configuration: ZooKeeperConfiguration { core.configuration }

    var logger: Logger { core.logger }

    private var serversText: String { core.configuration.servers.joined(separator: ",") }
}

/// Runs `body` for at most `timeout`, then throws `error`. `body` must end when its task is cancelled.
func withDeadline<Value: Sendable>(
    _ timeout: Duration, _ error: ZooKeeperError, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: timeout)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw CancellationError() }
        guard let value = first else { throw error }
        return value
    }
}
