import StormRuntime
import Foundation
import StormCluster
import StormConsole
import StormCore
import StormLogs
import StormTestSupport
import Testing

/// `storm logs` on an in-memory cluster, with the log pages of real folders.
@Suite struct LogsCommandsTests {
    private let server = InMemoryCoordinationServer()
    private let state: ClusterState
    private let folder: TemporaryFolder
    private let said = Lines()
    private let warned = Lines()

    init() async throws {
        state = ClusterState(server.connect())
        folder = try TemporaryFolder()
        try await state.prepare()
        for (id, host) in [("n1", "h1"), ("n2", "h2")] {
            var record = SupervisorRecord(
                id: id, host: host, ports: [6700], pid: 1, startedAtMilliseconds: 1, stormVersion: "1")
            record.httpPort = 6630
            try await state.supervisors.put(id, record)
        }
        try await state.storms.put(
            "wc-2-20",
            StormBaseRecord(
                name: "wc", id: "wc-2-20", status: .active, owner: "me", submittedAtMilliseconds: 1, workers: 1,
                componentExecutors: [:], componentTasks: [:], blobs: []))
        try write("h1", "wc-2-20", 6700, [(1, "one"), (4, "four")])
        try write("h2", "wc-2-20", 6701, [(2, "two"), (3, "three"), (5, "five")])
        try write("h2", "old-1-10", 6700, [(1, "of old 10")])
        try write("h1", "old-2-11", 6700, [(1, "of old 11")])
    }

    private func write(_ host: String, _ topology: String, _ port: Int, _ lines: [(Int, String)]) throws {
        let text = lines.map { "2026-11-21T00:00:0\($0.0).000Z INFO  worker: \($0.1)\n" }.joined()
        try folder.write(text, to: "\(host)/workers-artifacts/\(topology)/\(port)/worker.log")
    }

    /// - Parameter silent: hosts that do not answer.
    private func run(_ query: LogsCommands.Query, silent: Set<String> = []) async throws -> CommandFailure? {
        let (folder, said, warned) = (folder, said, warned)
        let commands = LogsCommands(
            state: state, logviewerPort: 8000, say: { said.add($0) }, warn: { warned.add($0) },
            ask: { path, place, _ in
                if silent.contains(place.host) { throw PageClient.Failure("Connection refused") }
                let parts = path.split(separator: "?", maxSplits: 1)
                var query: [String: String] = [:]
                for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
                    let sides = pair.split(separator: "=", maxSplits: 1)
                    query[String(sides[0])] = String(sides[1]).removingPercentEncoding
                }
                let pages = LogPages(LogFolder(logs: "\(folder.path)/\(place.host)"))
                guard let page = await pages.page(String(parts[0]), query: query) else {
                    return PageClient.Answer(status: 404, body: [])
                }
                return PageClient.Answer(status: page.status, body: page.body)
            })
        return try await commands.run(query)
    }

    private var messages: [String] { said.all.map { String($0.split(separator: " ").last ?? "") } }

    @Test func linesOfAllMachinesComeInTheOrderOfTime() async throws {
        #expect(try await run(.init(topology: "wc")) == nil)
        #expect(messages == ["one", "two", "three", "four", "five"])
        #expect(said.all[0] == "2026-11-21T00:00:01.000Z INFO  h1:6700 worker: one")
        #expect(warned.all == [])
    }

    @Test func jsonHasAnObjectForEachLine() async throws {
        var query = LogsCommands.Query(topology: "wc-2-20")
        query.isJSON = true
        query.newest = 1
        #expect(try await run(query) == nil)
        #expect(
            said.all == [
                #"{"level":"info","logger":"worker","message":"five","stream":"log","time":"2026-11-21T00:00:05.000Z","#
                    + #""time_ms":1795219205000,"worker":"h2:6701"}"#
            ])
    }

    @Test func theNewestLinesAreThoseOfAllMachinesTogether() async throws {
        var query = LogsCommands.Query(topology: "wc")
        query.newest = 3
        #expect(try await run(query) == nil)
        #expect(messages == ["three", "four", "five"])
    }

    @Test func filtersAreAppliedEverywhere() async throws {
        var query = LogsCommands.Query(topology: "wc")
        query.filter.grep = "/f/"
        query.filter.sinceMilliseconds = 1_795_219_205_000
        #expect(try await run(query) == nil)
        #expect(messages == ["five"])
    }

    @Test func aMachineThatDoesNotAnswerIsNamedAndTheRestIsShown() async throws {
        let failure = try #require(try await run(.init(topology: "wc"), silent: ["h2"]))
        #expect(failure.exitCode == 3 && failure.message.contains("h2:6630: Connection refused"))
        #expect(messages == ["one", "four"])
    }

    @Test func theLogViewerStandsInForASupervisorThatIsDown() async throws {
        try await state.supervisors.delete("n2")
        try await state.assignments.put(
            "wc-2-20",
            AssignmentRecord(
                topologyID: "wc-2-20", codeSHA256: "00",
                workers: [
                    WorkerAssignment(
                        node: "n2", host: "h2", port: 6701, executors: [], startedAtMilliseconds: 1, incarnation: 1)
                ]))
        #expect(try await run(.init(topology: "wc")) == nil)
        #expect(messages.count == 5)
        let failure = try #require(try await run(.init(topology: "wc"), silent: ["h2"]))
        #expect(failure.message.contains("h2:8000"))
    }

    @Test func aTopologyThatWasKilledIsFoundByItsNameTheNewestOne() async throws {
        #expect(try await run(.init(topology: "old")) == nil)
        #expect(said.all.count == 1 && said.all[0].hasSuffix("of old 11"))
    }

    @Test func aTopologyThatNeverWasIsAFailure() async throws {
        let failure = await #expect(throws: CommandFailure.self) { _ = try await run(.init(topology: "nobody")) }
        #expect(failure?.exitCode == 1)
        let unknown = await #expect(throws: CommandFailure.self) {
            _ = try await run(.init(topology: "nobody"), silent: ["h1"])
        }
        #expect(unknown?.exitCode == 3)
    }

    @Test func aComponentThatTheTopologyDoesNotHaveIsAFailure() async throws {
        try await state.storms.update("wc-2-20") { $0.componentTasks = ["split": 2, "count": 1, "__acker": 1] }
        var query = LogsCommands.Query(topology: "wc")
        query.filter.component = "splt"
        let failure = await #expect(throws: CommandFailure.self) { try await run(query) }
        #expect(failure?.message == "wc: there is no component splt; there are count, split")
        query.filter.component = "__acker"
        #expect(try await run(query) == nil)
    }

    @Test(.timeLimit(.minutes(1))) func aMachineThatAnswersLateDoesNotBringUpThePast() async throws {
        var query = LogsCommands.Query(topology: "wc")
        query.follows = true
        query.newest = 1
        query.nowMilliseconds = try #require(LogInstant.parse("2026-11-21T00:00:20Z"))
        let (running, said) = (Task { [query] in try await run(query) }, said)
        await said.wait(forPrefix: "2026-11-21T00:00:05")
        try write("h1", "wc-2-20", 6703, [(2, "past"), (9, "past"), (9, "past")])
        try folder.write(
            "2026-11-21T00:00:19.000Z INFO  worker: present\n", to: "h1/workers-artifacts/wc-2-20/6704/worker.log")
        await said.wait(forPrefix: "2026-11-21T00:00:19")
        running.cancel()
        await #expect(throws: CancellationError.self) { _ = try await running.value }
        #expect(!messages.contains("past"))
    }

    @Test(.timeLimit(.minutes(1))) func newLinesAreShownUntilSomebodyInterrupts() async throws {
        var query = LogsCommands.Query(topology: "wc")
        query.follows = true
        query.newest = 1
        let (running, said) = (Task { [query] in try await run(query) }, said)
        await said.wait(forPrefix: "2026-11-21T00:00:05")
        try write("h1", "wc-2-20", 6700, [(1, "one"), (4, "four"), (6, "six")])
        try write("h1", "wc-2-20", 6702, [(7, "seven")])
        await said.wait(forPrefix: "2026-11-21T00:00:07")
        running.cancel()
        await #expect(throws: CancellationError.self) { _ = try await running.value }
        #expect(messages.contains("six") && messages.first == "five")
    }
}
