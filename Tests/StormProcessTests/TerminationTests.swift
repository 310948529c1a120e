import Glibc
import StormProcess
import Testing

@Suite(.timeLimit(.minutes(2)))
struct TerminationTests {
    /// Starts a shell script in a session of its own and waits until it printed something.
    private func started(_ script: String, session: Bool = true) async throws -> ProcessHandle {
        var specification = shell(script)
        specification.newSession = session
        specification.standardOutput = .capture(lastBytesMax: 1000)
        let process = try await ChildProcess.spawn(specification)
        try await eventually("the script does not start") { process.capturedOutput.bytesWritten > 0 }
        return process
    }

    @Test
    func politeProcessEndsByTerm() async throws {
        let process = try await started("trap 'exit 5' TERM; echo up; while :; do sleep 0.02; done")
        #expect(try await process.terminate(grace: .seconds(20)) == .exited(code: 5))
        #expect(!process.isAlive)
        #expect(process.send(.terminate) == false)
    }

    @Test
    func stubbornProcessIsKilledAfterGrace() async throws {
        let process = try await started("trap '' TERM; echo up; while :; do sleep 0.02; done")
        let status = try await process.terminate(grace: .milliseconds(100))
        #expect(status == .signaled(.kill, coreDumped: false))
    }

    @Test
    func endingASessionLeavesNoDescendant() async throws {
        let process = try await started(
            "sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.02; done' & wait")
        let grandchild = try #require(Int32(process.capturedOutput.lines[0]))
        #expect(ProcessStat.read(pid: grandchild)?.sessionID == process.pid)
        try await process.terminate(grace: .milliseconds(50), scope: .session)
        try await eventually("grandchild survives") { ProcessIdentity.current(ofPID: grandchild) == nil }
    }

    @Test
    func endingAProcessLeavesItsDescendants() async throws {
        let process = try await started("sleep 60 & echo $!; wait")
        let grandchild = try #require(Int32(process.capturedOutput.lines[0]))
        try await process.terminate(grace: .seconds(10))
        #expect(ProcessIdentity.current(ofPID: grandchild) != nil)
        #expect(Glibc.kill(grandchild, SIGKILL) == 0)
    }

    @Test
    func cancelledCallerStillEndsTheProcess() async throws {
        let process = try await started("trap '' TERM; echo up; while :; do sleep 0.02; done")
        let task = Task { try await process.terminate(grace: .milliseconds(50)) }
        task.cancel()
        #expect(try await process.waitForExit(within: .seconds(20)) != nil)
        _ = await task.result
    }

    @Test
    func waitingEndsWithItsLimitOrItsTask() async throws {
        let process = try await started("echo up; exec sleep 60")
        #expect(try await process.waitForExit(within: .milliseconds(1)) == nil)
        let waiting = Task { try await process.waitForExit() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await process.terminate(grace: .zero)
    }

    @Test
    func usageIsReadWhileItRuns() async throws {
        let process = try await started("echo up; exec sleep 60")
        // In the middle of exec a process has no memory at all.
        try await eventually("it has memory") { (process.usage?.residentBytes ?? 0) > 100_000 }
        #expect(try #require(process.usage).cpuSeconds < 10)
        try await process.terminate(grace: .zero)
        #expect(process.usage == nil)
    }

    @Test
    func childEndsWithItsParentEvenIfThatIsKilled() async throws {
        let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            var specification = ProcessSpecification(executable: "sleep", arguments: ["60"])
            specification.whenParentEnds = .killed
            specification.newSession = true
            specification.standardOutput = .null
            let process = try await ChildProcess.spawn(specification)
            let line = "IDENTITY \(process.pid) \(process.identity.startTicks)\n"
            _ = line.withCString { write(1, $0, strlen($0)) }
            kill(getpid(), SIGKILL)
        }
        let identity = try #require(result.flatMap { identityLine($0.standardOutputContent) })
        try await eventually("orphan survives") { !identity.isAlive }
    }

    @Test
    func childInItsOwnSessionSurvivesItsParent() async throws {
        let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            var specification = ProcessSpecification(executable: "sleep", arguments: ["60"])
            specification.newSession = true
            specification.standardOutput = .null
            specification.standardError = .null
            let process = try await ChildProcess.spawn(specification)
            let line = "IDENTITY \(process.pid) \(process.identity.startTicks)\n"
            _ = line.withCString { write(1, $0, strlen($0)) }
            kill(getpid(), SIGKILL)
        }
        let identity = try #require(result.flatMap { identityLine($0.standardOutputContent) })
        let adopted = try await ProcessHandle.adopt(identity)
        #expect(adopted.isAlive && !adopted.isChild && adopted.leadsSession)
        #expect(try await adopted.terminate(grace: .zero, scope: .session) == .unknown)
    }
}

func identityLine(_ output: [UInt8]) -> ProcessIdentity? {
    let line = SystemFile.splitLines(output).first { $0.contains("IDENTITY ") }
    guard let words = line?.split(separator: " "), words.count >= 3, let pid = Int32(words[words.count - 2]),
        let start = UInt64(words[words.count - 1])
    else { return nil }
    return ProcessIdentity(pid: pid, startTicks: start, bootID: ProcessIdentity.thisBoot)
}
