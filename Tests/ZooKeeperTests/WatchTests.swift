import Testing
import ZooKeeperServer

@testable import ZooKeeper

@Suite(.timeLimit(.minutes(3))) struct WatchTests {
    static let server = SuiteServer()

    func clients(_ body: (ZooKeeperClient, ZooKeeperClient) async throws -> Void) async throws {
        let configuration = testConfiguration(try await Self.server.started().connectString)
        try await withClient(configuration) { a in
            try await withClient(configuration) { b in try await body(a, b) }
        }
    }

    @Test func eachKindOfChangeIsReported() async throws {
        try await clients { client, other in
            let (none, creation) = try await client.existsAndWatch("/w")
            #expect(none == nil)
            try await other.create("/w", "1".bytes)
            #expect(await creation.outcome() == .created)
            let (node, change) = try await client.getAndWatch("/w")
            #expect(node.text == "1")
            try await other.set("/w", "2".bytes)
            #expect(await change.outcome() == .dataChanged)
            let (_, list) = try await client.childrenAndWatch("/w")
            try await other.create("/w/c")
            #expect(await list.outcome() == .childrenChanged)
            let (_, data) = try await client.getAndWatch("/w")
            let (_, children) = try await client.childrenAndWatch("/w")
            try await other.deleteRecursively("/w")
            #expect(await data.outcome() == .deleted)
            #expect(await children.outcome() == .childrenChanged)
            #expect(client.watchCounts == (0, 0))
        }
    }

    @Test func manyWatchesOfOneNodeAllFireAndAreOneOnTheServer() async throws {
        try await clients { client, other in
            try await client.create("/w")
            var watches: [NodeWatch] = []
            for _ in 0..<50 { watches.append(try await client.getAndWatch("/w").watch) }
            #expect(client.watchCounts == (1, 50))
            try await other.set("/w", [])
            for watch in watches { #expect(await watch.outcome() == .dataChanged) }
        }
    }

    @Test func cancelledAndForgottenWatchesLeaveTheServer() async throws {
        try await withOwnServer { server in
            try await withClient(testConfiguration(server.connectString)) { client in
                for index in 0..<20 {
                    let (_, watch) = try await client.existsAndWatch("/w\(index)")
                    if index % 2 == 0 { watch.cancel() }
                    if index == 0 { #expect(await watch.outcome() == .cancelled) }
                }
                #expect(client.watchCounts == (0, 0))
                try await eventually("no watch on the server") {
                    await server.ask("wchs")?.contains("Total watches:0") ?? false
                }
                let (_, kept) = try await client.existsAndWatch("/w1")
                try await client.create("/w1")
                #expect(await kept.outcome() == .created)
            }
        }
    }

    @Test func cancellingOneTaskLeavesTheWatchToOthers() async throws {
        try await clients { client, other in
            let (_, watch) = try await client.existsAndWatch("/w")
            let impatient = Task { await watch.outcome() }
            impatient.cancel()
            #expect(await impatient.value == .cancelled)
            try await other.create("/w")
            #expect(await watch.outcome() == .created)
        }
    }

    @Test func changesDuringADisconnectionAreReportedAfterwards() async throws {
        let server = try await Self.server.started()
        let proxy = try TestProxy(to: server.port)
        defer { proxy.close() }
        var configuration = testConfiguration(server.connectString)
        try await withClient(configuration) { other in
            try await other.create("/w")
            configuration.servers = [proxy.address]
            try await withClient(configuration) { client in
                let (_, watch) = try await client.getAndWatch("/w")
                proxy.mode = .silent
                proxy.cut()
                try await other.set("/w", "x".bytes)
                proxy.mode = .forward
                proxy.cut()
                #expect(await watch.outcome() == .dataChanged)
                #expect(client.session.generation == 1)
            }
        }
    }

    @Test func lostSessionEndsItsWatches() async throws {
        try await clients { client, _ in
            let (_, watch) = try await client.existsAndWatch("/w")
            try await client.expireSession()
            #expect(await watch.outcome() == .sessionLost)
        }
    }
}
