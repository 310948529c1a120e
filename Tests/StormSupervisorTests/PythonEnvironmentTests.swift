import FoundationEssentials
import StormCluster
import StormProcess
import Synchronization
import Testing

@testable import StormSupervisor

/// Stored files that become Python environments.
@Suite(.timeLimit(.minutes(2)))
struct PythonEnvironmentTests {
    private let folder: TemporaryFolder
    private let blobs = MemoryBlobs()

    init() throws { folder = try TemporaryFolder() }

    private func environments(
        time: Duration = .seconds(60), _ reference: @escaping PythonEnvironments.Reference
    ) -> PythonEnvironments {
        PythonEnvironments(
            paths: SupervisorPaths(local: folder.path, logs: folder.path), blobs: blobs, limits: .init(time: time),
            reference: reference)
    }

    /// An archive of an environment that was made elsewhere, packed by the system's tar.
    private func packed(around: String = "") async throws -> [UInt8] {
        let root = "\(folder.path)/elsewhere"
        let bin = "\(root)\(around)/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(bin)/python", withDestinationPath: "/bin/sh")
        try SystemFile.writeAtomically(
            "\(bin)/tool", Array("#!/elsewhere/bin/python3.11\nimport x\n".utf8), mode: 0o755)
        return try await packedFolder(root)
    }

    @Test(arguments: ["", "/environment"])
    func packedEnvironmentIsMadeOnceAndItsScriptsFindItsPython(around: String) async throws {
        let reference = try blobs.put("env", try await packed(around: around))
        let environments = environments { $0 == "env" ? reference : nil }
        async let first = environments.prepare("env", present: nil)
        async let second = environments.prepare("env", present: nil)
        let path = try await first
        #expect(try await second == path)
        #expect(path == "\(folder.path)/environments/\(reference.sha256.prefix(32))")
        #expect(blobs.downloads("env") == 1)
        #expect(SystemFile.lastLines("\(path)/bin/tool") == ["#!\(path)/bin/python", "import x"])
        #expect(PythonEnvironments.isComplete(path))
        _ = try await environments.prepare("env", present: nil)
        #expect(blobs.downloads("env") == 1)
    }

    /// The archive holds one wheel, `tiny`, and nothing comes from the network.
    @Test
    func wheelsAreInstalledFromTheArchiveAlone() async throws {
        let reference = try blobs.put("wheels", try ArchiveCodeTests.archive("wheels.zip"))
        let path = try await environments { _ in reference }.prepare("wheels", present: nil)
        var ask = ProcessSpecification(
            executable: "\(path)/bin/python", arguments: ["-c", "import tiny; print(tiny.answer)"])
        ask.standardOutput = .capture(lastBytesMax: 100)
        let process = try await ChildProcess.spawn(ask)
        #expect(try await process.waitForExit(within: .seconds(30))?.isSuccess == true)
        #expect(process.capturedOutput.text == "42\n")
    }

    @Test
    func unknownFilesAndBadOnesAreToldAndLeaveNothing() async throws {
        let text = try blobs.put("text", Array("no-such-project-anywhere==1.0 --no-such-option\n".utf8))
        let gzip = try blobs.put("gzip", [0x1f, 0x8b, 1, 2, 3])
        let zip = try blobs.put("zip", try ArchiveCodeTests.archive("good.zip"))
        let references = ["text": text, "gzip": gzip, "zip": zip]
        let environments = environments { references[$0] }
        let expected = [
            ("none", "there is no stored file 'none'"), ("text", "pip"), ("gzip", "tar"),
            ("zip", "neither a folder bin nor wheels"),
        ]
        for (key, words) in expected {
            let error = await #expect(throws: SupervisorError.self) {
                _ = try await environments.prepare(key, present: nil)
            }
            #expect(
                error?.code == .badEnvironment && error?.message.contains(words) == true,
                "\(key): \(error?.message ?? "")")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/environments") == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/supervisor/tmp") == [])
    }

    @Test
    func itIsGivenUpWhenItTakesTooLong() async throws {
        let reference = try blobs.put("env", Array("\n".utf8))
        let environments = environments(time: .zero) { _ in reference }
        let error = await #expect(throws: SupervisorError.self) { try await environments.prepare("env", present: nil) }
        #expect(error?.message.contains("did not end within") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/environments") == [])
    }

    @Test
    func whatIsGivenUpWritesNoMoreWhenItsFolderIsRemoved() async throws {
        var command = ProcessSpecification(
            executable: "sh", arguments: ["-c", "sleep 1000 & echo $! > pid.new; mv pid.new pid; wait"],
            workingDirectory: folder.path)
        command.newGroup = true
        command.whenParentEnds = .killed
        let handle = try await ChildProcess.spawn(command)
        let file = "\(folder.path)/pid"
        try await eventually("it does not start") { SystemFile.exists(file) }
        let started = try #require(SystemFile.lastLines(file).first.flatMap { Int32($0) })
        await EnvironmentBuilder.end(handle)
        #expect(!handle.isAlive)
        // A zombie writes nothing either.
        #expect(ProcessStat.read(pid: started)?.isZombie != false)
    }

    @Test
    func withoutTheStoreTheOneThatIsThereIsGoodEnough() async throws {
        let reference = try blobs.put("env", try await packed())
        let isAway = Mutex(false)
        let environments = environments { _ in
            if isAway.withLock({ $0 }) { throw CoordinationError(.unavailable, "/") }
            return reference
        }
        let path = try await environments.prepare("env", present: nil)
        isAway.withLock { $0 = true }
        #expect(try await environments.prepare("env", present: path) == path)
        await #expect(throws: CoordinationError.self) { _ = try await environments.prepare("env", present: nil) }
    }

    @Test
    func environmentsThatNobodyUsesAreRemovedAtTheSecondLook() async throws {
        let reference = try blobs.put("env", try await packed())
        let environments = environments { _ in reference }
        let path = try await environments.prepare("env", present: nil)
        await environments.keepOnly([path])
        await environments.keepOnly([])
        #expect(SystemFile.exists(path))
        _ = try await environments.prepare("env", present: nil)
        await environments.keepOnly([])
        #expect(SystemFile.exists(path))
        await environments.keepOnly([])
        #expect(!SystemFile.exists(path))
    }

    @Test
    func nothingIsMadeAnyMoreWhenTheEndCameWhileTheStoreWasAsked() async throws {
        let reference = try blobs.put("env", try await packed())
        let (gate, open) = AsyncStream<Void>.makeStream()
        let hasAsked = Mutex(false)
        let environments = environments { _ in
            hasAsked.withLock { $0 = true }
            for await _ in gate {}
            return reference
        }
        let task = Task { try await environments.prepare("env", present: nil) }
        try await eventually("the store is not asked") { hasAsked.withLock { $0 } }
        await environments.close()
        open.finish()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(blobs.downloads("env") == 0)
    }

    @Test
    func onlyScriptsOfOtherEnvironmentsAreChanged() {
        func adapted(_ text: String) -> String? {
            EnvironmentScripts.adapted(Array(text.utf8), interpreter: "/e/bin/python").map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        #expect(adapted("#!/home/me/env/bin/python3\nx\n") == "#!/e/bin/python\nx\n")
        #expect(adapted("#!/home/me/env/bin/python\nx") == "#!/e/bin/python\nx")
        for text in [
            "#!/usr/bin/python3\nx\n", "#!/bin/sh\n", "#!/usr/bin/env python\n", "", "#!", "x", "#!/a/pythonic\n",
        ] {
            #expect(adapted(text) == nil)
        }
    }
}
