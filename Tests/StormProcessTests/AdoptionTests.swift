import Glibc
import StormProcess
import Testing

@Suite(.timeLimit(.minutes(2)))
struct AdoptionTests {
    /// A process that is not our child: its parent ends at once.
    private func orphan() async throws -> ProcessIdentity {
        let (_, output, _) = try await run(shell("setsid sleep 60 >/dev/null 2>&1 & echo $!"))
        let pid = try #require(Int32(output.dropLast()))
        var identity: ProcessIdentity?
        try await eventually("no orphan") {
            let stat = ProcessStat.read(pid: pid)
            identity = ProcessIdentity.current(ofPID: pid)
            return stat?.sessionID == pid
        }
        return try #require(identity)
    }

    @Test
    func adoptedProcessIsSeenToDie() async throws {
        let identity = try await orphan()
        let process = try await ProcessHandle.adopt(pid: identity.pid, startTicks: identity.startTicks)
        #expect(process.isAlive)
        #expect(!process.isChild)
        let begin = ContinuousClock.now
        #expect(Glibc.kill(identity.pid, SIGKILL) == 0)
        #expect(try await process.waitForExit(within: .seconds(20)) == .unknown)
        #expect(ContinuousClock.now - begin < .seconds(10))
        #expect(!identity.isAlive)
    }

    @Test
    func adoptedProcessCanBeEnded() async throws {
        let process = try await ProcessHandle.adopt(try await orphan())
        #expect(try await process.terminate(grace: .seconds(10)) == .unknown)
    }

    @Test
    func otherProcessWithTheSameNumberIsNotAdopted() async throws {
        let identity = try await orphan()
        let error = try await #require(throws: ProcessError.self) {
            _ = try await ProcessHandle.adopt(pid: identity.pid, startTicks: identity.startTicks + 1)
        }
        #expect(error.code == .gone)
        let otherBoot = ProcessIdentity(pid: identity.pid, startTicks: identity.startTicks, bootID: "another")
        await #expect(throws: ProcessError.self) { _ = try await ProcessHandle.adopt(otherBoot) }
        try await ProcessHandle.adopt(identity).terminate(grace: .zero)
        await #expect(throws: ProcessError.self) { _ = try await ProcessHandle.adopt(identity) }
    }

    @Test
    func adoptingAChildGivesItsHandleSoThatTheStatusIsNotLost() async throws {
        let child = try await ChildProcess.spawn(ProcessSpecification(executable: "sleep", arguments: ["60"]))
        let again = try await ProcessHandle.adopt(child.identity)
        #expect(again === child)
        child.send(.terminate)
        #expect(try await again.waitForExit() == .signaled(.terminate, coreDumped: false))
    }

    @Test
    func nonsenseNumbersAreNotAdopted() async throws {
        for pid in [0, -1, Int32.max] {
            let error = try await #require(throws: ProcessError.self) {
                _ = try await ProcessHandle.adopt(pid: pid, startTicks: 1)
            }
            #expect(error.code == .gone)
        }
    }
}
