import StormCluster
import Testing

@Suite struct ViewLatchRegistrationTests {
    let server = InMemoryCoordinationServer()

    @Test func viewFollowsItsSubtreeToItsDepthOnly() async throws {
        let store = server.connect()
        let writer = server.connect()
        let view = try await store.view(of: "/w", depth: 1)
        #expect(view.snapshot().nodes.isEmpty)
        var changes = view.changes.makeAsyncIterator()
        try await writer.createDirectory("/w/t")
        try await writer.create("/w/t/deep", bytes("x"), mode: .persistent)
        await changes.next()
        #expect(view.snapshot().nodes.keys.sorted() == ["/w", "/w/t"])
        #expect(view.snapshot().children(of: "/w") == ["t"])
        try await writer.set("/w/t", bytes("new"), expectedVersion: nil)
        await changes.next()
        #expect(view.snapshot()["/w/t"]?.bytes == bytes("new"))
        view.close()
        #expect(await changes.next() == nil)
    }

    @Test func manyChangesAreOneElement() async throws {
        let store = server.connect()
        try await store.createDirectory("/w")
        let view = try await store.view(of: "/w", depth: 1)
        for number in 0..<10 { try await store.create("/w/\(number)", [], mode: .persistent) }
        view.close()
        var elements = 0
        for await _ in view.changes { elements += 1 }
        #expect(elements == 1)
    }

    @Test func viewStandsStillWithoutContactAndCatchesUp() async throws {
        let store = server.connect()
        let writer = server.connect()
        let view = try await store.view(of: "/w", depth: 1)
        store.disconnect()
        try await writer.createDirectory("/w/a")
        #expect(view.snapshot().nodes.isEmpty)
        store.reconnect()
        var changes = view.changes.makeAsyncIterator()
        await changes.next()
        #expect(view.snapshot().children(of: "/w") == ["a"])
    }

    @Test func registrationSurvivesALostSessionWithItsNewestData() async throws {
        let store = server.connect()
        let reader = server.connect()
        let registration = try await store.registerEphemeral("/s/me", bytes("1"))
        try await registration.update(bytes("2"))
        let before = try await reader.get("/s/me")
        store.disconnect()
        #expect(await failure { try await registration.update(bytes("3")) } == .unavailable)
        store.expireSession()
        #expect(try await reader.exists("/s/me") == false)
        store.reconnect()
        let after = try await reader.get("/s/me")
        #expect(after?.bytes == bytes("3"))
        #expect(after?.ephemeralOwner != before?.ephemeralOwner)
        await registration.close()
        #expect(try await reader.exists("/s/me") == false)
    }

    @Test func registrationReplacesWhatADeadSessionLeft() async throws {
        let old = server.connect()
        let new = server.connect()
        _ = try await old.registerEphemeral("/s/me", bytes("old"))
        _ = try await new.registerEphemeral("/s/me", bytes("new"))
        #expect(try await new.get("/s/me")?.bytes == bytes("new"))
        await old.close()
        #expect(try await new.get("/s/me")?.bytes == bytes("new"))
    }

    @Test func registrationDoesNotBringBackADeletedParent() async throws {
        let worker = server.connect()
        let nimbus = server.connect()
        _ = try await worker.registerEphemeral("/beats/t/w", bytes("1"))
        try await nimbus.deleteRecursively("/beats/t")
        worker.expireSession()
        #expect(try await nimbus.children("/beats") == [])
    }

    @Test func exactlyOneLeadsAndTheNextFollows() async throws {
        let first = server.connect()
        let second = server.connect()
        let a = try await first.leaderLatch("/lock", participant: "a:1")
        let b = try await second.leaderLatch("/lock", participant: "b:1")
        #expect(a.isLeader && !b.isLeader)
        #expect(try await second.currentLeader("/lock") == "a:1")
        first.disconnect()
        #expect(!a.isLeader && !b.isLeader)
        first.reconnect()
        #expect(a.isLeader && !b.isLeader)
        first.expireSession()
        #expect(!a.isLeader && b.isLeader)
        await b.close()
        #expect(a.isLeader)
        #expect(try await second.currentLeader("/lock") == "a:1")
        await a.close()
        #expect(try await second.currentLeader("/lock") == nil)
        var seen: [Bool] = []
        for await event in b.events { seen.append(event) }
        #expect(seen == [true, false])
    }
}
