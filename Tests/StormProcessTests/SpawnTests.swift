import Glibc
import StormProcess
import Testing

@Suite(.timeLimit(.minutes(2)))
struct SpawnTests {
    @Test(arguments: [0, 1, 7, 255] as [Int32])
    func exitCodeIsReported(code: Int32) async throws {
        let (status, _, _) = try await run(shell("exit \(code)"))
        #expect(status == .exited(code: code))
    }

    @Test(arguments: [Signal.terminate, .kill, .hangup])
    func endingSignalIsReported(signal: Signal) async throws {
        let (status, _, _) = try await run(shell("kill -\(signal.number) $$"))
        #expect(status == .signaled(signal, coreDumped: false))
    }

    @Test
    func argumentsEnvironmentFolderReachTheChild() async throws {
        let folder = try TemporaryFolder()
        let specification = ProcessSpecification(
            executable: "sh", arguments: ["-c", "echo \"$1|$NAME|$(pwd)|$HOME\"", "zero", "two words *"],
            environment: ["NAME": "päth=1", "PATH": "/usr/bin:/bin"], workingDirectory: folder.path)
        let (_, output, _) = try await run(specification)
        #expect(output == "two words *|päth=1|\(folder.path)|\n")
    }

    @Test
    func environmentIsInheritedByDefault() async throws {
        let (_, output, _) = try await run(shell("echo $PATH"))
        #expect(output == "\(ExecutableSearch.environment()["PATH"] ?? "")\n")
    }

    @Test
    func childHasOnlyItsThreeStreams() async throws {
        let other = Glibc.open("/dev/null", O_RDONLY)  // without close-on-exec
        defer { close(other) }
        let (_, output, _) = try await run(shell("exec ls /proc/self/fd"))
        // 3 is the folder that ls reads.
        #expect(output == "0\n1\n2\n3\n")
    }

    @Test
    func childStartsWithNoSignalBlockedOrIgnored() async throws {
        let (_, output, _) = try await run(shell("exec grep -E '^Sig(Blk|Ign)' /proc/self/status"))
        #expect(output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
    }

    @Test
    func bothStreamsAppendToOneFile() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("log", "before\n")
        var specification = shell("echo out; echo err >&2; echo out2")
        specification.standardOutput = .append(path: path)
        specification.standardError = .append(path: path)
        let process = try await ChildProcess.spawn(specification)
        #expect(try await process.waitForExit().isSuccess)
        #expect(folder.read("log") == "before\nout\nerr\nout2\n")
    }

    @Test
    func floodOfErrorsNeitherBlocksTheChildNorGrows() async throws {
        var specification = shell("head -c 20000000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; echo the end >&2")
        specification.standardError = .capture(lastBytesMax: 1000)
        let process = try await ChildProcess.spawn(specification)
        let status = try #require(try await process.waitForExit(within: .seconds(60)))
        #expect(status.isSuccess)
        #expect(process.capturedErrors.bytesWritten == 20_000_009)
        #expect(process.capturedErrors.contents.count == 1000)
        #expect(process.capturedErrors.lines.last == "the end")
    }

    @Test
    func limitsApply() async throws {
        var specification = shell("ulimit -n; ulimit -c; nice")
        specification.openFilesMax = 77
        specification.coreBytesMax = 0
        specification.niceness = 5
        let (_, output, _) = try await run(specification)
        #expect(output == "77\n0\n5\n")
    }

    @Test
    func descriptorsOfOursConnectTheChild() async throws {
        var toChild: (Int32, Int32) = (-1, -1)
        try withUnsafeMutableBytes(of: &toChild) {
            try #require(pipe($0.baseAddress?.assumingMemoryBound(to: Int32.self)) == 0)
        }
        var specification = ProcessSpecification(executable: "cat")
        specification.standardInput = .descriptor(toChild.0)
        specification.standardOutput = .capture(lastBytesMax: 100)
        let process = try await ChildProcess.spawn(specification)
        close(toChild.0)
        #expect(write(toChild.1, "hello", 5) == 5)
        close(toChild.1)
        #expect(try await process.waitForExit().isSuccess)
        #expect(process.capturedOutput.text == "hello")
    }

    @Test
    func blockingSpawnWorksToo() async throws {
        let process = try ChildProcess.spawnBlocking(shell("exit 3"))
        #expect(try await process.waitForExit() == .exited(code: 3))
    }

    @Test
    func manySpawnsLeaveNothingBehind() async throws {
        _ = try await run(shell("exit 0"))
        let before = try openDescriptorCount()
        let statuses = try await withThrowingTaskGroup(of: ProcessExit.self) { group in
            for index in 0..<200 {
                group.addTask {
                    var specification = shell("exit \(index)")
                    specification.standardError = .capture(lastBytesMax: 10)
                    return try await ChildProcess.spawn(specification).waitForExit()
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(statuses == Set((0..<200).map { ProcessExit.exited(code: $0) }))
        // Other tests of this process open and close descriptors meanwhile, so wait for calm.
        try await eventually("descriptors leak") { try openDescriptorCount() <= before + 20 }
        try await eventually("a zombie remains") {
            !ProcessStat.all().contains { $0.parentPID == getpid() && $0.isZombie }
        }
    }
}
