import StormConsole
import StormThrift
import Testing

@Suite struct TopologyCommandsTests {
    private let nimbus = ScriptedNimbus(topologies: ["a", "b"], infos: ["a": [info("a")], "b": [info("b")]])
    private let said = Lines()

    private static func info(_ name: String, _ status: String = "ACTIVE") -> Thrift.TopologyInfo {
        Thrift.TopologyInfo(
            id: "\(name)-1-17", name: name, uptimeSecs: 0, executors: [], status: status, errors: [:])
    }

    private var commands: TopologyCommands {
        let said = said
        return TopologyCommands(nimbus: nimbus) { said.add($0) }
    }

    @Test func killNamesEachTopologyAndPassesTheWait() async throws {
        let outcome = try await commands.kill(["a", "b"], waitSeconds: 5, ignoresErrors: false)
        #expect(nimbus.calls == ["kill a 5", "kill b 5"])
        #expect(said.all == ["Killed topology: a", "Killed topology: b"])
        #expect(outcome.killed.map(\.id) == ["a-1-17", "b-1-17"] && outcome.failure == nil)
    }

    @Test func rebalancePassesWhatIsToChange() async throws {
        let options = Thrift.RebalanceOptions(waitSecs: 5, numWorkers: 3, numExecutors: ["count": 4, "a=b": 1])
        let outcome = try await commands.rebalance("a", options)
        _ = try await commands.rebalance("b", Thrift.RebalanceOptions())
        #expect(nimbus.calls == ["rebalance a 5 3 a=b=1 count=4", "rebalance b nil nil"])
        #expect(said.all == ["Topology a is rebalancing", "Topology b is rebalancing"])
        #expect(outcome == TopologyOutcome(name: "a", id: "a-1-17", status: "REBALANCING", waitSeconds: 5))
    }

    @Test func rebalanceSaysWhatHasFewerTasksThanExecutorsWereAskedFor() async throws {
        nimbus.set(tasks: ["split": 2, "count": 4])
        let many = Thrift.RebalanceOptions(numExecutors: ["split": 99, "count": 4, "unknown": 9])
        #expect(try await commands.rebalance("a", many).limited == ["split": 2])
        let few = Thrift.RebalanceOptions(numExecutors: ["split": 2])
        #expect(try await commands.rebalance("a", few).limited == nil)
    }

    @Test func killWithoutAWaitLeavesItToNimbus() async throws {
        _ = try await commands.kill(["a"], waitSeconds: nil, ignoresErrors: false)
        #expect(nimbus.calls == ["kill a nil"])
    }

    @Test func killStopsAtTheFirstFailure() async throws {
        let outcome = try await commands.kill(["a", "none", "b"], waitSeconds: 0, ignoresErrors: false)
        #expect(nimbus.calls == ["kill a 0"])
        #expect(outcome.failure?.exitCode == 1)
        #expect(
            outcome.failure?.message == "Failed to successfully kill 1 topologies. none: there is no such topology; "
                + "storm list shows those that run")
    }

    @Test func killGoesOnWhenErrorsAreIgnoredAndStillFailsAtTheEnd() async throws {
        let outcome = try await commands.kill(["x/y", "none", "b"], waitSeconds: nil, ignoresErrors: true)
        #expect(nimbus.calls == ["kill b nil"])
        #expect(outcome.failure?.message.hasPrefix("Failed to successfully kill 2 topologies. ") == true)
        #expect(outcome.failed.map(\.name) == ["x/y", "none"])
        #expect(said.all == ["Killed topology: b"])
    }

    @Test func aNameThatIsNotValidStopsKillBeforeAnythingIsKilled() async {
        await #expect(throws: CommandFailure.self) {
            try await commands.kill(["a", "x/y"], waitSeconds: nil, ignoresErrors: false)
        }
        #expect(nimbus.calls.isEmpty)
    }

    @Test func activateAndDeactivateSayWhatTheyDid() async throws {
        #expect(try await commands.deactivate("a").status == "INACTIVE")
        #expect(try await commands.activate("a").status == "ACTIVE")
        #expect(nimbus.calls == ["deactivate a", "activate a"])
        #expect(said.all == ["Deactivated topology: a", "Activated topology: a"])
    }

    @Test func aTopologyThatIsMovedAboutIsStillRebalancingAfterActivate() async throws {
        let nimbus = ScriptedNimbus(topologies: ["a"], infos: ["a": [Self.info("a", "REBALANCING")]])
        let outcome = try await TopologyCommands(nimbus: nimbus) { _ in }.activate("a")
        #expect(outcome.status == "REBALANCING")
    }

    @Test func activateOfATopologyThatIsNotThereFails() async {
        let failure = await #expect(throws: CommandFailure.self) { try await commands.activate("none") }
        #expect(failure?.message.hasPrefix("none: there is no such topology") == true)
        #expect(failure?.exitCode == 1 && said.all.isEmpty && nimbus.calls.isEmpty)
    }

    @Test func aFailureIsOneLine() {
        #expect(CommandFailure("a\nb\n").line(command: "kill") == "storm: kill: a; b")
        #expect(CommandFailure("a").line(command: "") == "storm: a")
    }
}
