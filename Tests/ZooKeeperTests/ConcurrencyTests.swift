import Synchronization
import Testing
import ZooKeeperServer

@testable import ZooKeeper

@Suite(.timeLimit(.minutes(3))) struct ConcurrencyTests {
    static let server = SuiteServer()

    @Test func aThousandCallsAtOnceAllAnswer() async throws {
        let server = try await Self.server.started()
        var configuration = testConfiguration(server.connectString, sessionTimeout: .seconds(30))
        configuration.inFlightMax = 300
        try await withClient(configuration) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<1000 {
                    group.addTask {
                        try await client.create("/n\(index)", "\(index)".bytes)
                        guard try await client.get("/n\(index)").text == "\(index)" else {
                            throw DeadlinePassed(description: "wrong data")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.children("/").names.count == 1000)
        }
    }

    @Test func callsBeyondTheLineFailAsOverloaded() async throws {
        var configuration = ZooKeeperConfiguration(servers: ["127.0.0.1:1"])
        configuration.waitingMax = 10
        let client = try ZooKeeperClient(configuration, logger: testLogger)
        let codes = await withTaskGroup(of: ZooKeeperError.Code?.self) { group in
            for _ in 0..<15 { group.addTask { await code { _ = try await client.get("/a") } } }
            var codes: [ZooKeeperError.Code?] = []
            for await code in group {
                codes.append(code)
                if codes.count == 5 { await client.close() }
            }
            return codes
        }
        #expect(codes.filter { $0 == .overloaded }.count == 5)
        #expect(codes.filter { $0 == .closed }.count == 10)
    }

    @Test func callsEndAtTheirDeadlineWithoutAnyServer() async throws {
        var configuration = ZooKeeperConfiguration(servers: ["127.0.0.1:1"])
        configuration.operationTimeout = .milliseconds(100)
        let client = try ZooKeeperClient(configuration, logger: testLogger)
        #expect(await code { _ = try await client.get("/a") } == .operationTimeout)
        #expect(await code { try await client.set("/a", []) } == .operationTimeout)
        await client.close()
    }

    /// The library knows of a session's end before the client is told.
    @Test func aHandleThatRefusesIsNotAskedAgain() async throws {
        final class Sends: Sendable {
            let count = Atomic(0)
        }
        let server = try await Self.server.started()
        try await withClient(testConfiguration(server.connectString)) { client in
            let sends = Sends()
            let refused = Call(
                operation: "get", path: "/", isRead: true, deadline: .now + .milliseconds(300),
                send: { _, _, _ in
                    sends.count.add(1, ordering: .relaxed)
                    // ZINVALIDSTATE
                    return -9
                })
            #expect(await code { _ = try await client.core.perform(refused) } == .operationTimeout)
            #expect(sends.count.load(ordering: .relaxed) <= 2)
            let next = try await client.exists("/never")
            #expect(next == nil, "the next call goes out")
        }
    }

    @Test func cancelledCallsEndAtOnce() async throws {
        let client = try ZooKeeperClient(ZooKeeperConfiguration(servers: ["127.0.0.1:1"]), logger: testLogger)
        let task = Task { try await client.get("/a") }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        await client.close()
    }

    @Test func closeFailsWhatIsUnderWayAndFreesEverything() async throws {
        let server = try await Self.server.started()
        let proxy = try TestProxy(to: server.port)
        defer { proxy.close() }
        weak var core: ClientCore?
        do {
            var configuration = testConfiguration(server.connectString)
            try await withClient(configuration) { _ in }
            configuration.servers = [proxy.address]
            let client = try await connect(configuration)
            core = client.core
            let (_, watch) = try await client.existsAndWatch("/never")
            proxy.mode = .silent
            let tasks = (0..<100).map { index in
                Task { await code { _ = try await client.get("/p\(index)") } }
            }
            let write = Task { await code { try await client.create("/w") } }
            try await eventually("calls are out") { client.core.liveCount >= 101 }
            await client.close()
            for task in tasks { #expect(await task.value == .closed) }
            #expect(await write.value == .closed)
            #expect(await watch.outcome() == .closed)
            #expect(await code { _ = try await client.get("/") } == .closed)
            #expect(client.session.state == .closed)
            await client.close()
        }
        try await eventually("the core is freed") { core == nil }
    }

    @Test func clientThatIsLetGoOfEndsItsSession() async throws {
        let server = try await Self.server.started()
        let configuration = testConfiguration(server.connectString, sessionTimeout: .seconds(60))
        weak var core: ClientCore?
        do {
            let client = try await connect(configuration)
            core = client.core
            try await client.create("/e", mode: .ephemeral)
        }
        try await eventually("the core is freed") { core == nil }
        try await withClient(configuration) { other in
            try await eventually("the ephemeral node is gone") { try await other.exists("/e") == nil }
        }
    }
}
