import Logging
import StormCluster
import StormClusterZooKeeper
import Testing
import ZooKeeper
import ZooKeeperServer

/// What every coordination store promises, checked on the in-memory one and on a real ZooKeeper: the tests of the
/// daemons run on the first and are worth as much as the two are alike.
@Suite(.serialized) struct StoreContractTests {
    enum Kind: String, CaseIterable, Sendable { case inMemory, zooKeeper }

    /// Gives `body` two clients of one cluster memory.
    private func withStores(
        _ kind: Kind, _ body: (any CoordinationStore, any CoordinationStore) async throws -> Void
    ) async throws {
        switch kind {
        case .inMemory:
            let server = InMemoryCoordinationServer()
            let (a, b) = (server.connect(), server.connect())
            try await body(a, b)
            await a.close()
            await b.close()
        case .zooKeeper:
            let server = try await ZooKeeperServer.start(.forTests)
            var configuration = ZooKeeperConfiguration(servers: [server.connectString])
            configuration.chroot = "/storm"
            configuration.createsChroot = true
            configuration.sessionTimeout = .seconds(6)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            do {
                let a = try await ZooKeeperStore.connect(configuration, logger: logger)
                let b = try await ZooKeeperStore.connect(configuration, logger: logger)
                try await body(a, b)
                await a.close()
                await b.close()
            } catch {
                try await server.stop()
                throw error
            }
            try await server.stop()
        }
    }

    private func code(_ body: () async throws -> Void) async -> CoordinationError.Code? {
        do {
            try await body()
            return nil
        } catch let error as CoordinationError {
            return error.code
        } catch {
            Issue.record("not a CoordinationError: \(error)")
            return nil
        }
    }

    /// Waits for a condition on a view; its changes say when to look again.
    private func wait(_ view: any SubtreeView, _ condition: (SubtreeSnapshot) -> Bool) async throws {
        if condition(view.snapshot()) { return }
        let deadline = ContinuousClock.now + .seconds(20)
        for await _ in view.changes {
            if condition(view.snapshot()) { return }
            if ContinuousClock.now > deadline { break }
        }
        Issue.record("the view did not get there: \(view.snapshot().nodes.keys.sorted())")
    }

    @Test(.timeLimit(.minutes(2)), arguments: Kind.allCases)
    func nodesHaveVersionsAndTheirErrorsHaveCodes(_ kind: Kind) async throws {
        try await withStores(kind) { a, b in
            #expect(await code { try await a.create("/x/y", [1], mode: .persistent) } == .noNode)
            #expect(try await a.create("/x", [1], mode: .persistent) == "/x")
            #expect(await code { try await b.create("/x", [], mode: .persistent) } == .nodeExists)
            #expect(try await b.set("/x", [2], expectedVersion: 0) == 1)
            #expect(await code { try await a.set("/x", [3], expectedVersion: 0) } == .badVersion)
            let read = try #require(try await a.get("/x"))
            #expect(read.bytes == [2] && read.version == 1 && read.ephemeralOwner == 0)
            #expect(try await a.get("/nothing") == nil)
            try await a.create("/x/c", [], mode: .persistent)
            #expect(await code { try await a.delete("/x", expectedVersion: nil) } == .notEmpty)
            #expect(try await b.children("/x") == ["c"])
            try await b.deleteRecursively("/x")
            #expect(try await !a.exists("/x"))
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Kind.allCases)
    func multiIsAllOrNothingAndNamesTheStepThatFailed(_ kind: Kind) async throws {
        try await withStores(kind) { a, _ in
            try await a.create("/m", [], mode: .persistent)
            do {
                try await a.multi([
                    .create(path: "/m/a", data: [], mode: .persistent), .check(path: "/m", expectedVersion: 7),
                ])
                Issue.record("it should have failed")
            } catch let error as CoordinationError {
                #expect(error.code == .badVersion && error.path == "/m")
            }
            #expect(try await !a.exists("/m/a"))
            let results = try await a.multi([
                .create(path: "/m/a", data: [1], mode: .persistent), .set(path: "/m", data: [5], expectedVersion: 0),
                .delete(path: "/m/a", expectedVersion: nil),
            ])
            #expect(results == [.created("/m/a"), .set(1), .deleted])
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Kind.allCases)
    func sequentialNodesAreNumberedInOrder(_ kind: Kind) async throws {
        try await withStores(kind) { a, b in
            try await a.create("/s", [], mode: .persistent)
            let first = try await a.create("/s/n-", [], mode: .persistentSequential)
            let second = try await b.create("/s/n-", [], mode: .persistentSequential)
            #expect(NodePath.sequence(of: NodePath.name(of: first)) < NodePath.sequence(of: NodePath.name(of: second)))
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Kind.allCases)
    func viewShowsWhatOthersWriteAlsoWhenItsRootComesLater(_ kind: Kind) async throws {
        try await withStores(kind) { a, b in
            let view = try await a.view(of: "/v", depth: 1)
            #expect(view.snapshot().nodes.isEmpty)
            try await b.create("/v", [], mode: .persistent)
            try await b.create("/v/one", [1], mode: .persistent)
            try await wait(view) { $0["/v/one"]?.bytes == [1] }
            try await b.set("/v/one", [2], expectedVersion: nil)
            try await wait(view) { $0["/v/one"]?.bytes == [2] }
            try await b.delete("/v/one", expectedVersion: nil)
            try await wait(view) { $0["/v/one"] == nil }
            view.close()
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Kind.allCases)
    func aReducedViewTellsOnlyWhatMatters(_ kind: Kind) async throws {
        try await withStores(kind) { a, b in
            try await b.create("/v", [], mode: .persistent)
            try await b.create("/v/one", [1, 0], mode: .persistent)
            let view = try await a.view(of: "/v", depth: 1, reducing: { Array($0.prefix(1)) })
            #expect(view.snapshot()["/v/one"]?.bytes == [1])
            for number in 1...40 { try await b.set("/v/one", [1, UInt8(number)], expectedVersion: nil) }
            try await b.set("/v/one", [2, 0], expectedVersion: nil)
            var told = 0
            for await _ in view.changes {
                told += 1
                if view.snapshot()["/v/one"]?.bytes == [2] { break }
            }
            // The first element of a stream may say only that it has begun.
            #expect(told <= 2)
            // Deleted and made again with the same data: another node.
            let created = view.snapshot()["/v/one"]?.createdTransaction
            try await b.delete("/v/one", expectedVersion: nil)
            try await b.create("/v/one", [2, 5], mode: .persistent)
            try await wait(view) { $0["/v/one"] != nil && $0["/v/one"]?.createdTransaction != created }
            view.close()
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Kind.allCases)
    func manyQuestionsAreAnsweredInTheirOrder(_ kind: Kind) async throws {
        try await withStores(kind) { a, b in
            try await b.create("/q", [], mode: .persistent)
            let numbers = Array(0..<300)
            _ = try await b.each(of: numbers) { number in
                if number % 3 != 0 { try await b.create("/q/\(number)", [UInt8(number % 250)], mode: .persistent) }
            }
            let answers = try await a.get(numbers.map { "/q/\($0)" })
            #expect(answers.map { $0?.bytes } == numbers.map { $0 % 3 == 0 ? nil : [UInt8($0 % 250)] })
            #expect(try await a.get([String]()).isEmpty)
            let failure = await code { _ = try await a.each(of: numbers) { try await a.children("/none/\($0)") } }
            #expect(failure == .noNode)
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Kind.allCases)
    func registrationIsKeptUpdatedAndGoesWithItsClient(_ kind: Kind) async throws {
        try await withStores(kind) { a, b in
            let view = try await b.view(of: "/r", depth: 2)
            let registration = try await a.registerEphemeral("/r/s/me", [1])
            try await wait(view) { $0["/r/s/me"]?.bytes == [1] && $0["/r/s/me"]?.ephemeralOwner != 0 }
            try await registration.update([2])
            try await wait(view) { $0["/r/s/me"]?.bytes == [2] }
            await a.close()
            try await wait(view) { $0["/r/s/me"] == nil && $0["/r/s"] != nil }
            view.close()
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Kind.allCases)
    func writesUnderAnEndedLeadershipAreRefused(_ kind: Kind) async throws {
        try await withStores(kind) { a, b in
            try await a.create("/x", [1], mode: .persistent)
            let first = try await a.leaderLatch("/lock", participant: "a")
            for await leads in first.events where leads { break }
            let second = try await b.leaderLatch("/lock", participant: "b")
            let lock = try #require(first.lockPath)
            let old = FencedStore(a, lock: { lock })
            #expect(try await old.multi([.set(path: "/x", data: [2], expectedVersion: 0)]) == [.set(1)])
            #expect(await code { try await old.create("/no/such/parent", [], mode: .persistent) } == .noNode)
            await first.close()
            for await leads in second.events where leads { break }
            #expect(first.lockPath == nil && second.lockPath != nil && second.lockPath != lock)
            #expect(await code { try await old.set("/x", [3], expectedVersion: nil) } == .fenced)
            try await FencedStore(b, lock: { second.lockPath }).set("/x", [4], expectedVersion: 1)
            #expect(try await a.get("/x")?.bytes == [4])
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Kind.allCases)
    func leadershipGoesToTheNextWhenTheLeaderCloses(_ kind: Kind) async throws {
        try await withStores(kind) { a, b in
            let first = try await a.leaderLatch("/lock", participant: "a")
            for await leads in first.events where leads { break }
            #expect(try await b.currentLeader("/lock") == "a")
            let second = try await b.leaderLatch("/lock", participant: "b")
            #expect(!second.isLeader)
            await a.close()
            for await leads in second.events where leads { break }
            #expect(second.isLeader)
            #expect(try await b.currentLeader("/lock") == "b")
        }
    }
}
