import Logging
import StormTestSupport
import Testing
import ZooKeeperServer

@testable import ZooKeeper

@Suite(.timeLimit(.minutes(3))) struct EphemeralRegistrationTests {
    static let server = SuiteServer()

    func configuration() async throws -> ZooKeeperConfiguration {
        testConfiguration(try await Self.server.started().connectString)
    }

    @Test func nodeIsMadeWithItsParentsAndUpdated() async throws {
        try await withClient(configuration()) { client in
            let registration = EphemeralRegistration(client, path: "/supervisors/s1", data: "1".bytes)
            try await registration.waitUntilRegistered(within: .seconds(10))
            #expect(try await client.get("/supervisors/s1").stat.ephemeralOwner == client.session.sessionID)
            try await registration.update("2".bytes)
            #expect(try await client.get("/supervisors/s1").text == "2")
            await registration.close()
            #expect(try await client.exists("/supervisors/s1") == nil)
        }
    }

    @Test func newSessionGetsTheNodeWithTheNewestData() async throws {
        try await withClient(configuration()) { client in
            let registration = EphemeralRegistration(client, path: "/n", data: "1".bytes)
            try await registration.waitUntilRegistered(within: .seconds(10))
            try await registration.update("2".bytes)
            try await client.expireSession()
            _ = try await collect(registration.statusChanges()) { $0.isRegistered && $0.generation == 2 }
            let node = try await client.get("/n")
            #expect(node.text == "2")
            #expect(node.stat.ephemeralOwner == client.session.sessionID)
        }
    }

    @Test func deletedNodeIsMadeAgainOrLeftAsAsked() async throws {
        let configuration = try await configuration()
        try await withClient(configuration) { client in
            try await withClient(configuration) { other in
                let kept = EphemeralRegistration(client, path: "/kept", data: [])
                let left = EphemeralRegistration(client, path: "/left", data: [], recreatesWhenDeleted: false)
                for registration in [kept, left] { try await registration.waitUntilRegistered(within: .seconds(10)) }
                let zxid = try await other.exists("/kept")?.createdZxid
                try await other.delete("/kept")
                try await eventually("made again") {
                    let stat = try await other.exists("/kept")
                    return stat != nil && stat?.createdZxid != zxid
                }
                try await other.delete("/left")
                _ = try await collect(left.statusChanges()) { $0.isDeleted }
                #expect(await code { try await left.update("x".bytes) } == .noNode)
                #expect(try await other.exists("/left") == nil)
                try await client.expireSession()
                _ = try await collect(left.statusChanges()) { $0.isRegistered && $0.generation == 2 }
                #expect(try await other.get("/left").text == "x")
            }
        }
    }

    @Test func foreignNodeIsWaitedForOrReplaced() async throws {
        let configuration = try await configuration()
        try await withClient(configuration) { client in
            try await withClient(configuration) { dead in
                try await dead.create("/a", "dead".bytes, mode: .ephemeral)
                try await dead.create("/b", "dead".bytes, mode: .ephemeral)
                let replacing = EphemeralRegistration(client, path: "/a", data: "new".bytes, foreignNode: .replace)
                try await replacing.waitUntilRegistered(within: .seconds(10))
                #expect(try await client.get("/a").text == "new")
                let waiting = EphemeralRegistration(client, path: "/b", data: "new".bytes)
                #expect(
                    await code { try await waiting.waitUntilRegistered(within: .milliseconds(100)) } == .waitTimeout)
                #expect(try await client.get("/b").text == "dead")
                await dead.close()
                try await waiting.waitUntilRegistered(within: .seconds(10))
                #expect(try await client.get("/b").text == "new")
            }
        }
    }

    /// A supervisor that was told to stop its workers stood still for a whole session timeout.
    @Test func withoutContactItEndsInASecondAndLeavesTheNodeToItsSession() async throws {
        try await withOwnServer { server in
            try await withClient(testConfiguration(server.connectString, sessionTimeout: .seconds(40))) { client in
                let registration = EphemeralRegistration(client, path: "/n", data: [])
                try await registration.waitUntilRegistered(within: .seconds(10))
                let events = client.sessionEvents()
                try await server.kill()
                _ = try await collect(events) { $0.state == .suspended }
                let begin = ContinuousClock.now
                await registration.close()
                #expect(ContinuousClock.now - begin < .seconds(10))
                #expect(registration.status.isClosed && !registration.status.isRegistered)
            }
        }
    }

    @Test func twoProcessesWithOneNameTakeTheNodeInTurnsThatGrowLonger() async throws {
        let configuration = try await configuration()
        let log = RecordingLog()
        let begin = ContinuousClock.now
        let first = try await ZooKeeperClient.connect(configuration, logger: log.logger())
        let second = try await ZooKeeperClient.connect(configuration, logger: log.logger())
        let registrations = [first, second].map {
            EphemeralRegistration($0, path: "/n", data: [], foreignNode: .replace, recreatesWhenDeleted: false)
        }
        let warning = await log.first(within: .seconds(20)) { $0.message.hasPrefix("another process goes by our name") }
        #expect(warning?.level == .warning)
        #expect(ContinuousClock.now - begin >= .milliseconds(500))
        let replacements = log.messages().filter { $0 == "ephemeral node of another session replaced" }
        #expect(replacements.count <= 8)
        // Whoever is left gets the node, also where it was not its turn.
        await registrations[1].close()
        try await registrations[0].waitUntilRegistered(within: .seconds(10))
        #expect(try await first.exists("/n")?.ephemeralOwner == first.session.sessionID)
        await registrations[0].close()
        await second.close()
        await first.close()
    }
}

@Suite struct NodeContestTests {
    private let start = ContinuousClock.now

    @Test func theNodeOfADeadPredecessorIsTakenAtOnce() {
        var contest = NodeContest()
        #expect(contest.pause(at: start, random: 0) == .zero)
        #expect(contest.losses == 0)
        contest.made(at: start)
        #expect(!contest.isLost)
    }

    @Test func eachLossSoonAfterTheLastIsWaitedOutLongerAndOnlyOnce() {
        var contest = NodeContest()
        var now = start
        var pauses: [Duration] = []
        for _ in 0..<12 {
            contest.made(at: now)
            let pause = contest.pause(at: now, random: 0)
            #expect(contest.isLost)
            #expect(contest.pause(at: now + pause / 2, random: 0.9) == pause / 2, "what is left of the same pause")
            now += pause
            #expect(contest.pause(at: now, random: 0.9) == .zero, "its turn has come")
            pauses.append(pause)
        }
        #expect(pauses.prefix(3) == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
        #expect(pauses.last == .seconds(30))
        #expect(contest.losses == 12)
    }

    @Test func aLossLongAfterIsTheFirstOneAgain() {
        var contest = NodeContest()
        for _ in 0..<5 {
            contest.made(at: start)
            _ = contest.pause(at: start, random: 0)
        }
        contest.made(at: start)
        #expect(contest.pause(at: start + NodeContest.memory, random: 0) == .zero)
        #expect(contest.losses == 0)
    }
}

@Suite(.timeLimit(.minutes(3))) struct LeaderLatchTests {
    static let server = SuiteServer()

    @Test func exactlyOneOfThreeLeadsAndTheNextFollowsItInOrder() async throws {
        let configuration = testConfiguration(try await Self.server.started().connectString)
        try await withClient(configuration) { a in
            try await withClient(configuration) { b in
                try await withClient(configuration) { c in
                    var latches: [LeaderLatch] = []
                    for (client, name) in [(a, "a"), (b, "b"), (c, "c")] {
                        let latch = LeaderLatch(client, path: "/leader-lock", participant: name.bytes)
                        latches.append(latch)
                        try await eventually("\(name) is in line") {
                            try await latch.participants().count == latches.count
                        }
                    }
                    try await latches[0].waitUntilLeader(within: .seconds(10))
                    #expect(latches.map(\.isLeader) == [true, false, false])
                    #expect(try await latches[2].currentLeader() == "a".bytes)
                    #expect(try await latches[1].participants() == ["a", "b", "c"].map(\.bytes))
                    await latches[0].close()
                    #expect(!latches[0].isLeader)
                    try await latches[1].waitUntilLeader(within: .seconds(10))
                    #expect(latches.map(\.isLeader) == [false, true, false])
                    await latches[1].close()
                    try await latches[2].waitUntilLeader(within: .seconds(10))
                    await latches[2].close()
                    #expect(try await LeaderLatch.currentLeader(a, path: "/leader-lock") == nil)
                }
            }
        }
    }

    @Test func expiredLeaderStepsDownAndComesBackAsTheLast() async throws {
        let configuration = testConfiguration(try await Self.server.started().connectString)
        try await withClient(configuration) { a in
            try await withClient(configuration) { b in
                let first = LeaderLatch(a, path: "/l", participant: "a".bytes)
                try await first.waitUntilLeader(within: .seconds(10))
                let second = LeaderLatch(b, path: "/l", participant: "b".bytes)
                try await eventually("b is in line") { try await second.participants().count == 2 }
                let events = first.events()
                try await a.expireSession()
                _ = try await collect(events) { $0 == .follower }
                try await second.waitUntilLeader(within: .seconds(10))
                #expect(!first.isLeader)
                try await eventually("a is in line again") {
                    try await second.participants() == ["b", "a"].map(\.bytes)
                }
                await second.close()
                try await first.waitUntilLeader(within: .seconds(10))
                await first.close()
            }
        }
    }

    @Test func leaderWhoseNodeIsDeletedStepsDown() async throws {
        let configuration = testConfiguration(try await Self.server.started().connectString)
        try await withClient(configuration) { client in
            let latch = LeaderLatch(client, path: "/l", participant: "a".bytes)
            try await latch.waitUntilLeader(within: .seconds(10))
            let events = latch.events()
            for name in try await client.children("/l").names { try await client.delete("/l/" + name) }
            let states = try await collect(events) { $0 == .follower }
            #expect(states == [.leader, .follower])
            try await latch.waitUntilLeader(within: .seconds(10))
            #expect(try await latch.participants().count == 1)
        }
    }

    @Test func leadershipEndsWithTheLeaseWhenTheServerFallsSilent() async throws {
        try await withOwnServer { server in
            try await withClient(testConfiguration(server.connectString, sessionTimeout: .seconds(3))) { client in
                let patient = LeaderLatch(client, path: "/p", participant: [])
                let careful = LeaderLatch(client, path: "/c", participant: [], stepDown: .whenSuspended)
                for latch in [patient, careful] { try await latch.waitUntilLeader(within: .seconds(10)) }
                let (patientEvents, carefulEvents) = (patient.events(), careful.events())
                await server.pause()
                _ = try await collect(carefulEvents) { $0 == .follower }
                #expect(!careful.isLeader)
                _ = try await collect(patientEvents) { $0 == .follower }
                #expect(!patient.isLeader)
                await server.resume()
                for latch in [patient, careful] { try await latch.waitUntilLeader(within: .seconds(20)) }
                #expect(client.session.generation == 2)
            }
        }
    }
}

@Suite(.timeLimit(.minutes(3))) struct CachedTreeTests {
    static let server = SuiteServer()

    func clients(_ body: (ZooKeeperClient, ZooKeeperClient) async throws -> Void) async throws {
        let configuration = testConfiguration(try await Self.server.started().connectString)
        try await withClient(configuration) { a in
            try await withClient(configuration) { b in try await body(a, b) }
        }
    }

    /// Waits until the tree's contents are `wanted`, woken by its changes.
    func expect(_ tree: CachedTree, _ wanted: [String: String]) async throws {
        let changes = tree.changes()
        let isSeen: @Sendable () -> Bool = { tree.snapshot().nodes.mapValues(\.text) == wanted }
        do {
            _ = try await collect(changes) { _ in isSeen() }
        } catch {
            Issue.record("tree is \(tree.snapshot().nodes.mapValues(\.text)), wanted \(wanted)")
            throw error
        }
    }

    @Test func followsARootThatComesChangesAndGoes() async throws {
        try await clients { client, other in
            let tree = CachedTree(client, root: "/r", depth: 2)
            try await tree.waitUntilReady(within: .seconds(10))
            #expect(tree.snapshot().nodes.isEmpty)
            try await other.create("/r", "0".bytes)
            try await expect(tree, ["/r": "0"])
            try await other.createWithParents("/r/a/b/c", "deep".bytes)
            try await other.set("/r/a/b", "2".bytes)
            try await expect(tree, ["/r": "0", "/r/a": "", "/r/a/b": "2"])
            #expect(tree.snapshot().children(of: "/r") == ["a"])
            try await other.deleteRecursively("/r/a")
            try await expect(tree, ["/r": "0"])
            try await other.deleteRecursively("/r")
            try await expect(tree, [:])
            try await other.createWithParents("/r/x", "back".bytes)
            try await expect(tree, ["/r": "", "/r/x": "back"])
            tree.close()
            try await eventually("its watches are gone") { client.watchCounts == (0, 0) }
        }
    }

    @Test func isReadyOnlyWithTheWholeSubtree() async throws {
        try await clients { client, other in
            for index in 0..<200 { try await other.createWithParents("/r/n\(index)", "\(index)".bytes) }
            let tree = CachedTree(client, root: "/r", depth: 1)
            try await tree.waitUntilReady(within: .seconds(20))
            #expect(tree.snapshot().nodes.count == 201)
            #expect(tree.snapshot()["/r/n7"]?.text == "7")
        }
    }

    @Test func survivesTheEndOfItsSession() async throws {
        try await clients { client, other in
            try await other.createWithParents("/r/a", "1".bytes)
            let tree = CachedTree(client, root: "/r", depth: 1)
            try await tree.waitUntilReady(within: .seconds(10))
            try await client.expireSession()
            try await other.set("/r/a", "2".bytes)
            try await other.create("/r/b", "3".bytes)
            try await expect(tree, ["/r": "", "/r/a": "2", "/r/b": "3"])
            try await other.delete("/r/b")
            try await expect(tree, ["/r": "", "/r/a": "2"])
        }
    }

    @Test func stormOfChangesCollapses() async throws {
        try await clients { client, other in
            try await other.create("/r", "start".bytes)
            let tree = CachedTree(client, root: "/r", depth: 0)
            try await tree.waitUntilReady(within: .seconds(10))
            let total = 10_000
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<20 {
                    group.addTask {
                        for index in 0..<(total / 20) { try await other.set("/r", "\(worker)-\(index)".bytes) }
                    }
                }
                try await group.waitForAll()
            }
            try await other.set("/r", "end".bytes)
            try await expect(tree, ["/r": "end"])
            #expect(tree.snapshot()["/r"]?.stat.version == Int32(total + 1))
            #expect(client.watchCounts == (1, 1))
        }
    }

    @Test func endsWithItsClient() async throws {
        let configuration = testConfiguration(try await Self.server.started().connectString)
        let tree = try await withClient(configuration) { client in
            let tree = CachedTree(client, root: "/r", depth: 1)
            try await tree.waitUntilReady(within: .seconds(10))
            return tree
        }
        for await _ in tree.changes() {}
        let other = CachedTree(try ZooKeeperClient(configuration, logger: testLogger), root: "/r", depth: 0)
        other.close()
        #expect(await code { try await other.waitUntilReady(within: .seconds(5)) } == .closed)
    }
}
