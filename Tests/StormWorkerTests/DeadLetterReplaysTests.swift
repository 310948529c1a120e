import Logging
import StormCluster
import StormClusterZooKeeper
import StormCore
import StormRuntime
import StormTestKit
import StormTopology
import StormWire
import StormWorker
import Testing
import ZooKeeper
import ZooKeeperServer

/// Emits 0..<3 once, as in a source that goes on when a message is acked.
private final class ThreeMessages: Spout {
    static var outputs: Outputs { ["number"] }
    private let ends: Observed<[String]>
    private var next = 0

    init(_ ends: Observed<[String]>) { self.ends = ends }

    func nextTuple(_ out: SpoutCollector) throws {
        guard next < 3 else { return }
        out.emit(id: .int(next), next)
        next += 1
    }
    func ack(_ id: MessageID) { ends.update { $0.append("ack \(id)") } }
    func fail(_ id: MessageID, _ reason: FailureReason) { ends.update { $0.append("fail \(id)") } }
    func deadLettered(_ id: MessageID, _ reason: FailureReason) { ends.update { $0.append("dead \(id)") } }
}

private struct Poison: Error {}

/// Dead letters from a spout to the coordination store and back, with the real engine.
@Suite(.serialized) struct DeadLetterReplaysTests {
    private static let topologyID = "test-1-0"

    /// Runs a topology whose message 1 fails while `isPoisoned`, with its dead letters in `store`.
    private func withLetters(
        _ store: any CoordinationStore, isPoisoned: Observed<Bool>,
        errors: StormTestKit.ErrorLog = StormTestKit.ErrorLog([]),
        _ body: (_ ends: Observed<[String]>, _ log: DeadLetterLog) async throws -> Void
    ) async throws {
        let log = DeadLetterLog(store)
        let letters = ClusterDeadLetters(log, topologyID: Self.topologyID, lettersMax: 10)
        let desk = DeadLetterDesk(letters, pause: .zero, logger: .silent)
        let ends = Observed<[String]>([])
        try await withEngine(
            configure: { $0.deadLetters = desk }, errors: errors,
            build: { topology in
                topology.spout("numbers") { ThreeMessages(ends) }
                    .retry(.attempts(2, backoff: .constant(.milliseconds(5))))
                topology.bolt("work") {
                    BlockBolt { tuple, out in
                        if tuple.int(0) == 1, isPoisoned.value { throw Poison() }
                        ends.update { $0.append("done \(tuple.int(0))") }
                        out.ack(tuple)
                    }
                }.shuffle("numbers")
            }
        ) { engine in
            let replays = DeadLetterReplays(
                log, letters: letters, topologyID: Self.topologyID, engine: engine,
                repairInterval: .milliseconds(200), logger: .silent)
            async let _ = desk.run()
            async let _ = replays.run()
            try await body(ends, log)
        }
    }

    /// Waits until the letters and wishes of the topology are `count` and `wishes`.
    private func wait(
        _ store: any CoordinationStore, letters count: Int, wishes: Int, refused: Bool = false
    ) async throws {
        let log = DeadLetterLog(store)
        let view = try await store.view(of: "/", depth: 3)
        defer { view.close() }
        let deadline = ContinuousClock.now + .seconds(20)
        func isThere() async throws -> Bool {
            let records = try await log.replays(Self.topologyID).all().values
            let letters = try await log.letters(Self.topologyID).ids().count
            return letters == count && records.count == wishes
                && records.allSatisfy { ($0.record.refusal != nil) == refused }
        }
        if try await isThere() { return }
        for await _ in view.changes {
            if try await isThere() { return }
            if ContinuousClock.now > deadline { break }
        }
        Issue.record("not \(count) letters and \(wishes) wishes")
    }

    private func law(_ store: any CoordinationStore) async throws {
        let poisoned = Observed(true)
        try await withLetters(store, isPoisoned: poisoned) { ends, log in
            try await ends.wait("all ends") { $0.contains("dead 1") && $0.contains("ack 0") && $0.contains("ack 2") }
            let id = try #require(try await log.letters(Self.topologyID).ids().first)
            let letter = try #require(try await log.letters(Self.topologyID).get(id)?.record)
            #expect(letter.messageID == "1" && letter.values == [.int(1)] && letter.fields == ["number"])
            #expect(letter.attempts == 2 && letter.history.map(\.reason) == ["threw", "threw"])

            // Still poisoned: the letter stays, with more attempts, and the wish goes.
            try await log.requestReplay(id, letter, now: 1)
            try await wait(store, letters: 1, wishes: 0)
            #expect(try await log.letters(Self.topologyID).get(id)?.record.attempts == 4)

            poisoned.update { $0 = false }
            try await log.requestReplay(id, letter, now: 2)
            try await wait(store, letters: 0, wishes: 0)
            #expect(ends.value.filter { $0 == "done 1" }.count == 1)
            #expect(!ends.value.contains("ack 1") && ends.value.filter { $0 == "dead 1" }.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aLetterIsReplayedUntilItIsAckedThenItGoes() async throws {
        let store = InMemoryCoordinationServer().connect()
        try await law(store)
        await store.close()
    }

    @Test(.timeLimit(.minutes(2)))
    func theSameOnARealZooKeeper() async throws {
        let server = try await ZooKeeperServer.start(.forTests)
        var configuration = ZooKeeperConfiguration(servers: [server.connectString])
        configuration.chroot = "/storm"
        configuration.createsChroot = true
        configuration.sessionTimeout = .seconds(6)
        do {
            let store = try await ZooKeeperStore.connect(configuration, logger: .silent)
            try await law(store)
            await store.close()
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func aWishOfBeforeTheWorkerStartedIsCarriedOutAndAnotherSpoutsIsLeftAlone() async throws {
        let store = InMemoryCoordinationServer().connect()
        let log = DeadLetterLog(store)
        var letter = DeadLetterRecord(
            topologyID: Self.topologyID, component: "numbers", task: 1, messageID: "old", stream: "default",
            fields: ["number"], values: [.int(55)], attempts: 2, history: [], timeMilliseconds: 1)
        try await log.add("old", letter, lettersMax: 10)
        try await log.requestReplay("old", letter, now: 1)
        letter.component = "elsewhere"
        try await log.add("other", letter, lettersMax: 10)
        try await log.requestReplay("other", letter, now: 1)
        try await withLetters(store, isPoisoned: Observed(false)) { ends, _ in
            try await ends.wait("the replay") { $0.contains("done 55") }
            try await wait(store, letters: 1, wishes: 1)
        }
        #expect(try await log.replays(Self.topologyID).ids() == ["other"])
        await store.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func aLetterThatCannotBeEmittedGetsTheReason() async throws {
        let store = InMemoryCoordinationServer().connect()
        let log = DeadLetterLog(store)
        let letter = DeadLetterRecord(
            topologyID: Self.topologyID, component: "numbers", task: 1, messageID: "old", stream: "gone",
            fields: ["number"], values: [.int(55)], attempts: 2, history: [], timeMilliseconds: 1)
        try await log.add("old", letter, lettersMax: 10)
        try await log.requestReplay("old", letter, now: 1)
        try await withLetters(store, isPoisoned: Observed(false)) { _, log in
            try await wait(store, letters: 1, wishes: 1, refused: true)
            #expect(
                try await log.replays(Self.topologyID).get("old")?.record.refusal == "numbers has no stream 'gone'")
        }
        await store.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func whileTheStoreIsAwayTheMessageStaysInRetryAndNothingIsAckedOrLost() async throws {
        let server = InMemoryCoordinationServer()
        let store = server.connect()
        store.disconnect()
        let errors = StormTestKit.ErrorLog([])
        try await withLetters(store, isPoisoned: Observed(true), errors: errors) { ends, _ in
            try await errors.wait("an error for the operator") { errors in
                errors.contains { $0.message.contains("message 1 failed") }
            }
            #expect(!ends.value.contains("dead 1") && !ends.value.contains("ack 1"))
            store.reconnect()
            try await ends.wait("the dead letter") { $0.contains("dead 1") }
            #expect(try await DeadLetterLog(server.connect()).letters(Self.topologyID).ids().count == 1)
        }
        await store.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func aLostReplyMakesNoSecondLetter() async throws {
        let server = InMemoryCoordinationServer()
        let store = server.connect()
        store.loseNextReply { $0.isWrite && $0.path.hasPrefix(ClusterPaths.deadLetters(Self.topologyID) + "/") }
        try await withLetters(store, isPoisoned: Observed(true)) { ends, log in
            try await ends.wait("the dead letter") { $0.contains("dead 1") }
            #expect(try await log.letters(Self.topologyID).ids().count == 1)
        }
        await store.close()
    }

    @Test func lettersComeBackFromTheirRecords() throws {
        let letter = DeadLetter(
            id: "1-a", topologyID: "t", component: "s", task: TaskID(1), messageID: "m", stream: "x",
            fields: ["a", "b"], values: [.bytes([1]), 2.0], only: TaskID(9), attempts: 4,
            history: [
                .init(
                    cause: FailureCause(
                        reason: .workerLost, component: "b", task: 3, host: "h", port: 1, detail: "d"),
                    timeMilliseconds: 8)
            ], timeMilliseconds: 9)
        #expect(DeadLetter("1-a", DeadLetterRecord(letter)) == letter)
        var record = DeadLetterRecord(letter)
        record.directTask = nil
        #expect(DeadLetter("1-a", record)?.only == nil && DeadLetter("1-a", record) != nil)
        record.directTask = .max
        #expect(DeadLetter("1-a", record) == nil)
    }
}
