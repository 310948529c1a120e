import StormCluster
import StormConsole
import StormCore
import Testing

@Suite struct DeadLetterCommandsTests {
    private let server = InMemoryCoordinationServer()
    private let said = Lines()

    private var state: ClusterState { ClusterState(server.connect()) }

    private var commands: DeadLetterCommands {
        let said = said
        return DeadLetterCommands(state: state, nowMilliseconds: 77) { said.add($0) }
    }

    private static let id = "wc-1-1700000000"

    /// Three letters of a topology; it runs unless `status` is nil.
    private func prepare(_ status: TopologyStatus? = .active, topologyID: String = id) async throws {
        let state = state
        try await state.prepare()
        if let status {
            try await state.storms.create(
                topologyID,
                StormBaseRecord(
                    name: "wc", id: topologyID, status: status, owner: "ann", submittedAtMilliseconds: 0, workers: 1,
                    componentExecutors: [:], componentTasks: [:], blobs: []))
        }
        for number in 1...3 {
            try await state.deadLetters.add(
                "7-\(number)",
                DeadLetterRecord(
                    topologyID: topologyID, component: "lines", task: 7, messageID: "m\(number)", stream: "default",
                    fields: ["text", "raw"], values: [.string("a b"), .map(["$bytes": "AA=="])], attempts: 4,
                    history: [
                        .init(timeMilliseconds: 1_699_999_999_000, reason: "timeout"),
                        .init(
                            timeMilliseconds: 1_700_000_000_000, reason: "threw", component: "split", task: 9,
                            host: "h", port: 6700, detail: "no number"),
                    ], timeMilliseconds: 1_700_000_000_000 + Int64(number)), lettersMax: 10)
        }
    }

    @Test func listShowsARowForEachLetterTheOldestFirst() async throws {
        try await prepare()
        try await state.deadLetters.requestReplay(
            "7-2", try #require(try await state.deadLetters.letters(Self.id).get("7-2")?.record), now: 1)
        try await commands.list("wc", json: false)
        #expect(
            said.all == [
                "ID   TIME                      SPOUT    MESSAGE  ATTEMPTS  REASON  WHERE           STATE",
                "7-1  2023-11-14T22:13:20.001Z  lines#7  m1       4         threw   split#9@h:6700",
                "7-2  2023-11-14T22:13:20.002Z  lines#7  m2       4         threw   split#9@h:6700  replaying",
                "7-3  2023-11-14T22:13:20.003Z  lines#7  m3       4         threw   split#9@h:6700",
            ])
    }

    @Test func listWithoutATopologyCountsThoseOfAll() async throws {
        try await prepare()
        try await prepare(nil, topologyID: "old-3-1600000000")
        try await commands.list(nil, json: false)
        #expect(said.all == ["old-3-1600000000  3  (was killed)", "wc-1-1700000000  3"])
    }

    @Test func listSaysWhenThereIsNothing() async throws {
        try await commands.list(nil, json: false)
        try await prepare()
        try await commands.drop("wc", nil)
        try await commands.list("wc", json: false)
        #expect(said.all == ["No dead letters.", "Dropped: 3 dead letters", "No dead letters."])
    }

    @Test func listAndShowAsJSONHoldTheWholeRecord() async throws {
        try await prepare()
        try await commands.show("wc", ["7-1"], json: true)
        try await commands.list("wc", json: true)
        let one = try #require(said.all.first)
        #expect(one.hasPrefix(#"{"attempts": 4, "component": "lines", "fields": ["text", "raw"], "history": [{"#))
        #expect(one.contains(#""id": "7-1""#) && one.contains(#""values": ["a b", {"$bytes": "AA=="}]"#))
        #expect(said.all.last?.hasPrefix("[" + one + ", {") == true && said.all.count == 2)
    }

    @Test func showTellsTheStoryOfALetter() async throws {
        try await prepare()
        try await commands.show("wc", ["7-1"], json: false)
        #expect(
            said.all == [
                "dead letter 7-1 of wc-1-1700000000",
                "  given up   2023-11-14T22:13:20.001Z after 4 attempts",
                "  spout      lines, task 7, stream default",
                "  message    m1",
                "  values",
                "    text: \"a b\"",
                "    raw: {\"$bytes\": \"AA==\"}",
                "  failures (the first and the latest)",
                "    2023-11-14T22:13:19.000Z  timeout",
                "    2023-11-14T22:13:20.000Z  threw  split#9@h:6700  no number",
            ])
    }

    @Test func replayWritesAWishForEachLetter() async throws {
        try await prepare()
        try await commands.replay("wc", ["7-1", "7-3"])
        #expect(said.all == ["Replaying: 7-1", "Replaying: 7-3"])
        let wishes = try await state.deadLetters.replays(Self.id).all()
        #expect(wishes.keys.sorted() == ["7-1", "7-3"])
        let wish = DeadLetterReplayRecord(component: "lines", task: 7, requestedAtMilliseconds: 77)
        #expect(wishes["7-1"]?.record == wish)
        try await commands.replay("wc", nil)
        #expect(said.all.last == "Replaying: 3 dead letters")
        #expect(try await state.deadLetters.replays(Self.id).ids().count == 3)
    }

    @Test func replayAndDropSayInJSONWhichLettersTheyAreAbout() async throws {
        try await prepare(.inactive)
        try await commands.replay("wc", ["7-2"], json: true)
        try await commands.drop("wc", nil, json: true)
        let documents = said.all.map { $0.filter { !$0.isWhitespace } }
        #expect(
            documents == [
                #"{"active":false,"replaying":["7-2"],"topology_id":"wc-1-1700000000"}"#,
                #"{"dropped":["7-1","7-2","7-3"],"topology_id":"wc-1-1700000000"}"#,
            ])
    }

    @Test func anUnknownLetterStopsACommandBeforeItDoesAnything() async throws {
        try await prepare()
        for command in [commands.replay, commands.drop] {
            let failure = await #expect(throws: CommandFailure.self) {
                try await command("wc", ["7-1", "nope"], false)
            }
            #expect(failure?.message == #"wc-1-1700000000 has no dead letter "nope"; storm dlq list shows all"#)
        }
        #expect(try await state.deadLetters.letters(Self.id).ids().count == 3)
        #expect(try await state.deadLetters.replays(Self.id).ids().isEmpty && said.all.isEmpty)
    }

    @Test func lettersOfAKilledTopologyAreFoundByNameAndNotReplayed() async throws {
        try await prepare(nil)
        try await prepare(nil, topologyID: "wc-2-1800000000")
        let failure = await #expect(throws: CommandFailure.self) { try await commands.replay("wc", nil) }
        #expect(failure?.message == "wc is not running; its dead letters can only be shown and dropped")
        try await commands.drop("wc", ["7-1"])
        #expect(try await state.deadLetters.letters("wc-2-1800000000").ids().count == 2)
        #expect(try await state.deadLetters.letters(Self.id).ids().count == 3)
        try await commands.drop(Self.id, nil)
        #expect(try await state.deadLetters.topologies() == ["wc-2-1800000000"])
    }

    @Test func aTopologyThatNobodyKnowsIsAnError() async throws {
        try await prepare()
        let failure = await #expect(throws: CommandFailure.self) { try await commands.list("none", json: false) }
        #expect(failure?.exitCode == 1 && failure?.message.contains(#"there is no topology "none""#) == true)
    }
}
