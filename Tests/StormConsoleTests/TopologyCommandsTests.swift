import StormConsole
import StormThrift
import Testing

@Suite struct TopologyCommandsTests {
    private let nimbus = ScriptedNimbus(topologies: ["a", "b"])
    private let said = Lines()

    private var commands: TopologyCommands {
        let said = said
        return TopologyCommands(nimbus: nimbus) { said.add($0) }
    }

    @Test func killNamesEachTopologyAndPassesTheWait() async throws {
        try await commands.kill(["a", "b"], waitSeconds: 5, ignoresErrors: false)
        #expect(nimbus.calls == ["kill a 5", "kill b 5"])
        #expect(said.all == ["Killed topology: a", "Killed topology: b"])
    }

    @Test func rebalancePassesWhatIsToChange() async throws {
        try await commands.rebalance("a", waitSeconds: 5, workers: 3, executors: ["count": 4, "a=b": 1])
        try await commands.rebalance("b", waitSeconds: nil, workers: nil, executors: [:])
        #expect(nimbus.calls == ["rebalance a 5 3 a=b=1 count=4", "rebalance b nil nil"])
        #expect(said.all == ["Topology a is rebalancing", "Topology b is rebalancing"])
    }

    @Test func killWithoutAWaitLeavesItToNimbus() async throws {
        try await commands.kill(["a"], waitSeconds: nil, ignoresErrors: false)
        #expect(nimbus.calls == ["kill a nil"])
    }

    @Test func killStopsAtTheFirstFailure() async {
        let failure = await #expect(throws: CommandFailure.self) {
            try await commands.kill(["a", "none", "b"], waitSeconds: 0, ignoresErrors: false)
        }
        #expect(nimbus.calls == ["kill a 0", "kill none 0"])
        #expect(failure?.exitCode == 1)
        #expect(
            failure?.message == "Failed to successfully kill 1 topologies. none: there is no such topology "
                + "(none is not alive); storm list shows those that run")
    }

    @Test func killGoesOnWhenErrorsAreIgnoredAndStillFailsAtTheEnd() async {
        let failure = await #expect(throws: CommandFailure.self) {
            try await commands.kill(["x/y", "none", "b"], waitSeconds: nil, ignoresErrors: true)
        }
        #expect(nimbus.calls == ["kill none nil", "kill b nil"])
        #expect(failure?.message.hasPrefix("Failed to successfully kill 2 topologies. ") == true)
        #expect(said.all == ["Killed topology: b"])
    }

    @Test func aNameThatIsNotValidStopsKillBeforeAnythingIsKilled() async {
        await #expect(throws: CommandFailure.self) {
            try await commands.kill(["a", "x/y"], waitSeconds: nil, ignoresErrors: false)
        }
        #expect(nimbus.calls.isEmpty)
    }

    @Test func activateAndDeactivateSayWhatTheyDid() async throws {
        try await commands.deactivate("a")
        try await commands.activate("a")
        #expect(nimbus.calls == ["deactivate a", "activate a"])
        #expect(said.all == ["Deactivated topology: a", "Activated topology: a"])
    }

    @Test func activateOfATopologyThatIsNotThereFails() async {
        let failure = await #expect(throws: CommandFailure.self) { try await commands.activate("none") }
        #expect(failure?.message.hasPrefix("none: there is no such topology") == true)
        #expect(said.all.isEmpty)
    }

    @Test func aFailureIsOneLine() {
        #expect(CommandFailure("a\nb\n").line(command: "kill") == "storm: kill: a; b")
        #expect(CommandFailure("a").line(command: "") == "storm: a")
    }
}
