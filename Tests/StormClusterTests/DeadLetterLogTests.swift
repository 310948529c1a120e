import StormCluster
import StormCore
import Testing

@Suite struct DeadLetterLogTests {
    private let server = InMemoryCoordinationServer()

    static func letter(_ number: Int, topology: String = "wc-1-1700000000", text: String = "x") -> DeadLetterRecord {
        DeadLetterRecord(
            topologyID: topology, component: "lines", task: 7, messageID: "\(number)", stream: "default",
            fields: ["text", "n"], values: [.string(text), .int(number)], attempts: 3,
            history: [
                .init(timeMilliseconds: 5, reason: "threw", component: "split", task: 9, detail: "bad"),
                .init(timeMilliseconds: 6, reason: "timeout"),
            ], timeMilliseconds: 1_700_000_000_000 + Int64(number))
    }

    @Test func aLetterHasItsDocumentedForm() throws {
        var record = Self.letter(1)
        record.directTask = 4
        let golden =
            #"{"attempts":3,"component":"lines","direct_task":4,"fields":["text","n"],"history":["#
            + #"{"component":"split","detail":"bad","reason":"threw","task":9,"time_ms":5},"#
            + #"{"reason":"timeout","time_ms":6}],"message_id":"1","stream":"default","task":7,"#
            + #""time_ms":1700000000001,"topology_id":"wc-1-1700000000","values":["x",1],"version":1}"#
        #expect(String(decoding: try RecordCodec.encode(record), as: UTF8.self) == golden)
        #expect(try RecordCodec.decode(DeadLetterRecord.self, bytes(golden), path: "/x") == record)
    }

    @Test func aWishHasItsDocumentedForm() throws {
        let record = DeadLetterReplayRecord(component: "lines", task: 7, requestedAtMilliseconds: 5, refusal: "no")
        let golden = #"{"component":"lines","refusal":"no","requested_at_ms":5,"task":7,"version":1}"#
        #expect(String(decoding: try RecordCodec.encode(record), as: UTF8.self) == golden)
        #expect(try RecordCodec.decode(DeadLetterReplayRecord.self, bytes(golden), path: "/x") == record)
    }

    @Test func lettersAreBoundedAndReplacedById() async throws {
        let log = DeadLetterLog(server.connect())
        let id = "wc-1-1700000000"
        try await log.add("7-a", Self.letter(1), lettersMax: 2)
        try await log.add("7-b", Self.letter(2), lettersMax: 2)
        await #expect(throws: DeadLetterLog.Refusal.full(max: 2)) {
            try await log.add("7-c", Self.letter(3), lettersMax: 2)
        }
        try await log.add("7-b", Self.letter(9), lettersMax: 2)
        #expect(try await log.letters(id).ids() == ["7-a", "7-b"])
        #expect(try await log.letters(id).get("7-b")?.record.messageID == "9")
        #expect(try await log.topologies() == [id])
        try await log.remove("7-a", topologyID: id)
        try await log.add("7-c", Self.letter(3), lettersMax: 2)
    }

    @Test func aLetterThatIsTooLargeIsRefusedWithItsSize() async throws {
        let log = DeadLetterLog(server.connect())
        let large = Self.letter(1, text: String(repeating: "y", count: DeadLetterLog.letterBytesMax))
        do {
            try await log.add("7-a", large, lettersMax: 2)
            Issue.record("it was taken")
        } catch let DeadLetterLog.Refusal.tooLarge(bytes) {
            #expect(bytes > DeadLetterLog.letterBytesMax)
        }
    }

    @Test func nothingIsLeftBehindWhenTheLastLetterGoes() async throws {
        let store = server.connect()
        let log = DeadLetterLog(store)
        let id = "wc-1-1700000000"
        try await log.add("7-a", Self.letter(1), lettersMax: 2)
        try await log.requestReplay("7-a", Self.letter(1), now: 44)
        #expect(try await log.replays(id).get("7-a")?.record.requestedAtMilliseconds == 44)
        try await log.remove("7-a", topologyID: id)
        try await log.remove("7-a", topologyID: id)
        #expect(try await log.topologies() == [])
        #expect(try await !store.exists(ClusterPaths.deadLetters(id)))
        #expect(try await !store.exists(ClusterPaths.deadLetterReplays(id)))
    }

    @Test func aRemovalThatIsInterruptedLeavesBothLetterAndWishOrNeither() async throws {
        let id = "wc-1-1700000000"
        let log = DeadLetterLog(server.connect())
        for writes in 0..<4 {
            try await log.add("7-a", Self.letter(1), lettersMax: 2)
            try await log.requestReplay("7-a", Self.letter(1), now: 44)
            let mortal = server.connect()
            mortal.crashAfterWrites(writes)
            // What it throws is that it was killed.
            try? await DeadLetterLog(mortal).remove("7-a", topologyID: id)
            let isKept = try await log.letters(id).get("7-a") != nil
            let isWished = try await log.replays(id).get("7-a") != nil
            #expect(isKept == isWished, "killed after \(writes) writes")
        }
    }

    @Test func writersAndRemoversTogetherLoseNothing() async throws {
        let server = server
        let id = "wc-1-1700000000"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let log = DeadLetterLog(server.connect())
                    for number in 0..<25 {
                        try await log.add("\(writer)-\(number)", Self.letter(number), lettersMax: 1000)
                        if number % 2 == 0 { try await log.remove("\(writer)-\(number)", topologyID: id) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await DeadLetterLog(server.connect()).letters(id).ids().count == 4 * 12)
    }
}
