import Testing
import ZooKeeperServer

@testable import ZooKeeper

@Suite(.timeLimit(.minutes(4))) struct SessionTests {
    static let server = SuiteServer()

    @Test func expiredSessionIsReplacedAndSaysSo() async throws {
        let server = try await Self.server.started()
        try await withClient(testConfiguration(server.connectString)) { client in
            let events = client.sessionEvents()
            let before = client.session.sessionID
            try await client.create("/e", mode: .ephemeral)
            try await client.expireSession()
            let seen = try await collect(events) { $0.generation == 2 }
            #expect(seen.first?.state == .connected)
            #expect(seen.contains { $0.state == .lost && $0.sessionID == before })
            #expect(seen.last?.state == .reconnected)
            #expect(seen.last?.sessionID != before)
            #expect(client.earlierSessions == [before])
            #expect(try await client.exists("/e") == nil)
            #expect(client.holdsLease)
        }
    }

    /// A client that stops following many nodes and closes at once, answers still on their way to it: its session ends now,
    /// not with its timeout, so that what it owned is free for others.
    @Test func aBusyClientThatClosesLeavesNoSessionBehind() async throws {
        let server = try await Self.server.started()
        let configuration = testConfiguration(server.connectString, sessionTimeout: .seconds(30))
        try await withClient(configuration) { other in
            for number in 0..<400 { try await other.create("/n\(number)") }
            for _ in 0..<8 {
                let client = try await connect(configuration)
                try await client.create("/mine", mode: .ephemeral)
                let tree = CachedTree(client, root: "/", depth: 1)
                try await tree.waitUntilReady(within: .seconds(30))
                tree.close()
                await client.close()
                // A moment for the server to do what it has read; the session's timeout is far longer.
                let deadline = ContinuousClock.now + .seconds(10)
                while try await other.exists("/mine") != nil, ContinuousClock.now < deadline { await Task.yield() }
                #expect(try await other.exists("/mine") == nil)
            }
        }
    }

    @Test func serverRestartKeepsTheSession() async throws {
        try await withOwnServer { server in
            try await withClient(testConfiguration(server.connectString, sessionTimeout: .seconds(30))) { client in
                let events = client.sessionEvents()
                try await client.create("/e", mode: .ephemeral)
                try await server.restart()
                let states = try await collect(events) { $0.state == .reconnected }.map(\.state)
                #expect(states == [.connected, .suspended, .reconnected])
                #expect(client.session.generation == 1)
                #expect(try await client.exists("/e")?.ephemeralOwner == client.session.sessionID)
            }
        }
    }

    @Test func serverAwayForLongerThanTheSessionGivesANewOne() async throws {
        try await withOwnServer { server in
            try await withClient(testConfiguration(server.connectString, sessionTimeout: .seconds(2))) { client in
                let events = client.sessionEvents()
                let registration = EphemeralRegistration(client, path: "/alive", data: "me".bytes)
                try await registration.waitUntilRegistered(within: .seconds(10))
                try await server.stop()
                let lost = try await collect(events) { $0.state == .lost }.map(\.state)
                #expect(lost == [.connected, .suspended, .lost])
                #expect(!client.holdsLease)
                #expect(client.sessionID == nil)
                try await server.restart()
                _ = try await collect(client.sessionEvents()) { $0.state == .reconnected && $0.generation == 2 }
                _ = try await collect(registration.statusChanges()) { $0.isRegistered && $0.generation == 2 }
                #expect(try await client.exists("/alive")?.ephemeralOwner == client.session.sessionID)
                await registration.close()
                #expect(try await client.exists("/alive") == nil)
            }
        }
    }

    @Test func silentServerIsNoticedByOurOwnClock() async throws {
        try await withOwnServer { server in
            try await withClient(testConfiguration(server.connectString, sessionTimeout: .seconds(3))) { client in
                let events = client.sessionEvents()
                await server.pause()
                let states = try await collect(events) { $0.state == .lost }.map(\.state)
                #expect(states == [.connected, .suspended, .lost])
                #expect(!client.holdsLease)
                await server.resume()
                _ = try await collect(client.sessionEvents()) { $0.state == .reconnected }
                try await client.create("/again")
            }
        }
    }

    @Test func shortSilenceSuspendsAndReconnectsTheSameSession() async throws {
        try await withOwnServer { server in
            let proxy = try TestProxy(to: server.port)
            defer { proxy.close() }
            var configuration = testConfiguration(server.connectString, sessionTimeout: .seconds(6))
            try await withClient(configuration) { _ in }
            configuration.servers = [proxy.address]
            try await withClient(configuration) { client in
                let events = client.sessionEvents()
                proxy.cut()
                let states = try await collect(events) { $0.state == .reconnected }.map(\.state)
                #expect(states == [.connected, .suspended, .reconnected])
                #expect(client.session.generation == 1)
            }
        }
    }

    @Test func readsUnderWaySurviveALostConnectionAndWritesSayThatTheyDoNotKnow() async throws {
        let server = try await Self.server.started()
        let proxy = try TestProxy(to: server.port)
        defer { proxy.close() }
        var configuration = testConfiguration(server.connectString)
        try await withClient(configuration) { other in
            try await other.create("/a", "x".bytes)
            configuration.servers = [proxy.address]
            try await withClient(configuration) { client in
                proxy.mode = .swallowReplies
                let read = Task { try await client.get("/a").text }
                let write = Task { await code { try await client.set("/a", "y".bytes) } }
                try await eventually("the write has happened") { try await other.get("/a").text == "y" }
                proxy.mode = .forward
                proxy.cut()
                #expect(await write.value == .connectionLoss)
                #expect(try await ["x", "y"].contains(read.value))
            }
        }
    }

    @Test func lostReplyOnCreateLeavesExactlyOneNode() async throws {
        let server = try await Self.server.started()
        let proxy = try TestProxy(to: server.port)
        defer { proxy.close() }
        var configuration = testConfiguration(server.connectString)
        try await withClient(configuration) { other in
            try await other.create("/q")
            configuration.servers = [proxy.address]
            try await withClient(configuration) { client in
                proxy.mode = .swallowReplies
                let creation = Task {
                    try await client.createProtected("/q/n-", "x".bytes, mode: .ephemeralSequential)
                }
                try await eventually("it was made") { try await other.children("/q").names.count == 1 }
                proxy.mode = .forward
                proxy.cut()
                let made = try await creation.value
                let names = try await other.children("/q").names
                #expect(names.map { "/q/" + $0 } == [made.path])
                #expect(made.stat.ephemeralOwner == client.session.sessionID)
                #expect(made.path.hasSuffix("-n-0000000000"))
            }
        }
    }

    @Test func cancelledProtectedCreationLeavesNoOrphan() async throws {
        let server = try await Self.server.started()
        let proxy = try TestProxy(to: server.port)
        defer { proxy.close() }
        var configuration = testConfiguration(server.connectString)
        try await withClient(configuration) { other in
            try await other.create("/q")
            configuration.servers = [proxy.address]
            try await withClient(configuration) { client in
                proxy.mode = .swallowReplies
                let creation = Task { try await client.createProtected("/q/n-", mode: .persistentSequential) }
                try await eventually("it was made") { try await other.children("/q").names.count == 1 }
                creation.cancel()
                await #expect(throws: CancellationError.self) { _ = try await creation.value }
                proxy.mode = .forward
                proxy.cut()
                try await eventually("the orphan is gone") { try await other.children("/q").names.isEmpty }
            }
        }
    }

    @Test func writesThatWaitedDoNotRunInTheNextSession() async throws {
        try await withOwnServer { server in
            var configuration = testConfiguration(server.connectString, sessionTimeout: .seconds(6))
            configuration.operationTimeout = .seconds(30)
            try await withClient(configuration) { client in
                let events = client.sessionEvents()
                try await server.kill()
                _ = try await collect(events) { $0.state == .suspended }
                let write = Task { await code { try await client.create("/late") } }
                #expect(await write.value == .sessionExpired)
                try await server.restart()
                try await client.waitUntilConnected(within: .seconds(20))
                #expect(try await client.exists("/late") == nil)
            }
        }
    }
}
