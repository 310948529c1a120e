import Logging
import Testing
import ZooKeeperServer

@testable import ZooKeeper

/// One real server for a suite, started by its first test; it ends with the test process.
actor SuiteServer {
    private var starting: Task<ZooKeeperServer, any Error>?

    func started() async throws -> ZooKeeperServer {
        if let starting { return try await starting.value }
        let task = Task { try await ZooKeeperServer.start(.forTests) }
        starting = task
        return try await task.value
    }
}

/// Runs `body` against a server of its own, for tests that stop it.
func withOwnServer(_ body: (ZooKeeperServer) async throws -> Void) async throws {
    let server = try await ZooKeeperServer.start(.forTests)
    do {
        try await body(server)
    } catch {
        try await server.remove()
        throw error
    }
    try await server.remove()
}

/// A configuration with a root of its own for each test.
func testConfiguration(
    _ address: String, sessionTimeout: Duration = .seconds(10), chroot: String = "/t\(UInt64.random(in: 0 ... .max))"
) -> ZooKeeperConfiguration {
    var configuration = ZooKeeperConfiguration(servers: [address])
    configuration.sessionTimeout = sessionTimeout
    configuration.connectTimeout = .seconds(30)
    configuration.chroot = chroot
    configuration.createsChroot = true
    return configuration
}

let testLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

func connect(_ configuration: ZooKeeperConfiguration) async throws -> ZooKeeperClient {
    try await ZooKeeperClient.connect(configuration, logger: testLogger)
}

/// Runs `body` with a client, and closes it.
@discardableResult
func withClient<Value>(
    _ configuration: ZooKeeperConfiguration, _ body: (ZooKeeperClient) async throws -> Value
) async throws -> Value {
    let client = try await connect(configuration)
    do {
        let value = try await body(client)
        await client.close()
        return value
    } catch {
        await client.close()
        throw error
    }
}

struct DeadlinePassed: Error, CustomStringConvertible {
    let description: String
}

/// Waits until `condition` holds.
func eventually(
    _ what: String, within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        if .now > deadline { throw DeadlinePassed(description: "not in time: \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// The elements of `stream` up to and including the first that `isLast`.
func collect<Element: Sendable>(
    _ stream: AsyncStream<Element>, within limit: Duration = .seconds(30),
    until isLast: @escaping @Sendable (Element) -> Bool
) async throws -> [Element] {
    try await withThrowingTaskGroup(of: [Element].self) { group in
        group.addTask {
            var seen: [Element] = []
            for await element in stream {
                seen.append(element)
                if isLast(element) { return seen }
            }
            throw DeadlinePassed(description: "stream ended or time is up after \(seen)")
        }
        group.addTask {
            try await Task.sleep(for: limit)
            return []
        }
        defer { group.cancelAll() }
        let first = try await group.next() ?? []
        if first.isEmpty { throw DeadlinePassed(description: "nothing in time") }
        return first
    }
}

/// The error code that `body` throws.
func code(of body: () async throws -> Void) async -> ZooKeeperError.Code? {
    do {
        try await body()
        return nil
    } catch let error as ZooKeeperError {
        return error.code
    } catch {
        Issue.record("unexpected error \(error)")
        return nil
    }
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}
