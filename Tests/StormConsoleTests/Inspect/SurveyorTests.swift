import StormConsole
import StormRuntime
import StormThrift
import Synchronization
import Testing

@Suite struct SurveyorTests {
    /// Workers that answer what they are told, and write down who was asked.
    private final class Workers: Sendable {
        typealias Reply = @Sendable (_ place: WorkerPlace, _ times: Int) throws -> PageClient.Answer

        private let asked = Mutex<[WorkerPlace]>([])
        private let reply: Reply

        init(_ reply: @escaping Reply) { self.reply = reply }

        var all: [WorkerPlace] { asked.withLock { $0 } }

        func surveyor(_ nimbus: ScriptedNimbus, limit: Duration = .seconds(600)) -> Surveyor {
            Surveyor(nimbus: nimbus, limit: limit, pause: .milliseconds(1)) { path, place, _ in
                guard path == "/audit" else { throw PageClient.Failure("asked for \(path)") }
                let times = self.asked.withLock { asked in
                    asked.append(place)
                    return asked.count { $0 == place }
                }
                return try self.reply(place, times)
            }
        }
    }

    private static func answer(_ audit: WorkerAudit) -> PageClient.Answer {
        PageClient.Answer(status: 200, body: Page.json(audit).body)
    }

    private func nimbus(_ infos: Thrift.TopologyInfo...) -> ScriptedNimbus {
        ScriptedNimbus(topologies: ["wc"], infos: ["wc": infos])
    }

    @Test func eachWorkerIsAskedOnce() async throws {
        let workers = Workers { place, _ in Self.answer(Inspected.audit(place)) }
        let survey = try await workers.surveyor(nimbus(Inspected.info()))
            .survey("wc", "/audit", as: WorkerAudit.self)
        #expect(survey.topologyID == "wc-1-1" && survey.gaps.isEmpty)
        #expect(survey.workers.map(\.place) == [Inspected.first, Inspected.second])
        #expect(workers.all.sorted() == [Inspected.first, Inspected.second])
    }

    /// As after a worker's end: it is back a moment later.
    @Test func allAreAskedAgainUntilEverybodyAnswers() async throws {
        let workers = Workers { place, times in
            if place == Inspected.second, times < 4 { throw PageClient.Failure("Connection refused") }
            return Self.answer(Inspected.audit(place, silent: times < 3 ? [1] : []))
        }
        let survey = try await workers.surveyor(nimbus(Inspected.info()))
            .survey("wc", "/audit", as: WorkerAudit.self)
        #expect(survey.gaps.isEmpty && survey.workers.count == 2)
    }

    @Test func aWorkerThatMovesIsAskedAtItsNewPlace() async throws {
        let third = WorkerPlace(host: "h3", port: 6702)
        let workers = Workers { place, _ in
            if place == Inspected.second { throw PageClient.Failure("Connection refused") }
            return Self.answer(Inspected.audit(place))
        }
        let survey = try await workers.surveyor(nimbus(Inspected.info(), Inspected.info([Inspected.first, third])))
            .survey("wc", "/audit", as: WorkerAudit.self)
        #expect(survey.workers.map(\.place) == [Inspected.first, third] && survey.gaps.isEmpty)
    }

    @Test func whoDoesNotAnswerInTimeIsNamedWithTheReason() async throws {
        let workers = Workers { place, _ in
            if place == Inspected.second { throw PageClient.Failure("Connection refused") }
            return Self.answer(Inspected.audit(place))
        }
        let survey = try await workers.surveyor(nimbus(Inspected.info()), limit: .milliseconds(20))
            .survey("wc", "/audit", as: WorkerAudit.self)
        #expect(survey.gaps == ["worker h2:6701 cannot be reached: Connection refused"])
        #expect(survey.workers.map(\.place) == [Inspected.first])
    }

    @Test func answersThatAreNoneAreNotTaken() async throws {
        let other = Workers { place, _ in Self.answer(Inspected.audit(place, topology: "old-1-1")) }
        let status = Workers { _, _ in PageClient.Answer(status: 404, body: []) }
        let garbage = Workers { _, _ in PageClient.Answer(status: 200, body: Array("{}".utf8)) }
        for (workers, reason) in [(other, "topology old-1-1"), (status, "status 404"), (garbage, "cannot be read")] {
            let survey = try await workers.surveyor(nimbus(Inspected.info()), limit: .zero)
                .survey("wc", "/audit", as: WorkerAudit.self)
            #expect(survey.workers.isEmpty && survey.missing.count == 2)
            #expect(survey.missing.allSatisfy { $0.reason.contains(reason) }, "\(survey.missing)")
        }
    }

    @Test func manyWorkersAreAllAsked() async throws {
        let places = (0..<100).map { WorkerPlace(host: "h", port: 6700 + $0) }
        let workers = Workers { place, _ in Self.answer(Inspected.audit(place)) }
        let survey = try await workers.surveyor(nimbus(Inspected.info(places)))
            .survey("wc", "/audit", as: WorkerAudit.self)
        #expect(survey.workers.map(\.place) == places)
    }

    @Test func aTopologyThatIsNotThereIsAFailure() async {
        let workers = Workers { place, _ in Self.answer(Inspected.audit(place)) }
        let failure = await #expect(throws: CommandFailure.self) {
            _ = try await workers.surveyor(nimbus(Inspected.info())).survey("none", "/audit", as: WorkerAudit.self)
        }
        #expect(failure?.message.hasPrefix("none: there is no such topology") == true)
    }

    @Test func theAuditCommandSaysTheTableAndReturnsWhyItFails() async throws {
        let said = Lines()
        let workers = Workers { place, _ in
            Self.answer(Inspected.audit(place, [Inspected.ledger(4, emitted: 3, acked: 1)]))
        }
        let nimbus = nimbus(Inspected.info())
        let commands = InspectCommands(nimbus: nimbus, surveyor: workers.surveyor(nimbus)) { said.add($0) }
        let failure = try await commands.audit("wc", isJSON: false)
        #expect(failure?.exitCode == 1)
        #expect(said.all.first == "wc (wc-1-1), 2 workers")
    }

    @Test func stormsErrorsOfATopologyThatIsNotThereAreAnAnswer() async throws {
        let said = Lines()
        let nimbus = nimbus(Inspected.info())
        let commands = InspectCommands(nimbus: nimbus, surveyor: Surveyor(nimbus: nimbus, limit: .zero)) {
            said.add($0)
        }
        try await commands.stormErrors("none")
        #expect(said.all == ["{\n  \"Failure\" : \"No topologies running with name none\"\n}"])
        await #expect(throws: CommandFailure.self) { try await commands.errors("none", newest: 3, isJSON: false) }
    }
}
