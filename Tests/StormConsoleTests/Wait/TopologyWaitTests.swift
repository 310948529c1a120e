import StormConsole
import StormThrift
import Synchronization
import Testing

@Suite struct TopologyWaitTests {
    /// A wait that sees one view after the other; the last one stays.
    private func wait(
        _ goal: WaitGoal, limit: Duration, _ said: Lines, _ views: [Result<WaitView, CommandFailure>]
    ) -> TopologyWait {
        let left = Mutex(views)
        return TopologyWait("wc", goal, limit: limit, pause: .milliseconds(1)) {
            said.add($0)
        } look: {
            try left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }.get()
        }
    }

    @Test func itEndsWhenItIsDoneAndSaysWhatWasMissing() async throws {
        let said = Lines()
        let end = try await wait(
            .running, limit: .seconds(60), said,
            [
                .success(WaitView(info: WaitProgressTests.info("ACTIVE", []))),
                .failure(.unreachable("no leader")),
                .success(WaitView(info: WaitProgressTests.info("ACTIVE", [(1, true)]))),
            ]
        ).run()
        #expect(end.status == "ACTIVE")
        #expect(said.all == ["wc: no worker is assigned", "wc: no leader"])
    }

    @Test func aTopologyThatIsGoneHasThatStatus() async throws {
        let end = try await wait(.gone, limit: .seconds(60), Lines(), [.success(WaitView(info: nil))]).run()
        #expect(end.status == "GONE")
    }

    @Test func itGivesUpWithAStatusOfItsOwn() async {
        let stuck = wait(
            .running, limit: .milliseconds(20), Lines(),
            [.success(WaitView(info: WaitProgressTests.info("ACTIVE", [(1, false)])))])
        let failure = await #expect(throws: CommandFailure.self) { try await stuck.run() }
        #expect(failure?.exitCode == 4)
        #expect(failure?.message == "wc: not done after 0 s, and goes on: 0 of 1 workers run")
    }

    @Test func whatCanNeverBeDoneEndsItAtOnce() async {
        let dead = wait(
            .running, limit: .seconds(60), Lines(),
            [.success(WaitView(info: WaitProgressTests.info("KILLED", [])))])
        let failure = await #expect(throws: CommandFailure.self) { try await dead.run() }
        #expect(failure == CommandFailure("wc: it was killed meanwhile"))
    }
}
