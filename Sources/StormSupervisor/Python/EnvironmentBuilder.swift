internal import FoundationEssentials
internal import StormArchive
internal import StormProcess

/// Makes one Python environment of one file: of a list of requirements, of an archive with wheels, or of an archive that
/// is an environment already.
struct EnvironmentBuilder {
    enum Kind: Hashable { case requirements, zip, tar }

    /// What was stored.
    let file: String
    /// Where the environment is made: its programs contain this path.
    let folder: String
    /// Removed afterwards.
    let temporary: String
    let limits: PythonEnvironments.Limits
    private let deadline: ContinuousClock.Instant

    init(file: String, folder: String, temporary: String, limits: PythonEnvironments.Limits) {
        self.file = file
        self.folder = folder
        self.temporary = temporary
        self.limits = limits
        deadline = ContinuousClock.now + limits.time
    }

    /// By a file's first bytes.
    static func kind(_ start: [UInt8]) -> Kind {
        if ZipFile.isZip(start) { return .zip }
        return start.starts(with: [0x1f, 0x8b]) ? .tar : .requirements
    }

    /// - Throws: ``SupervisorError`` or ``ProcessError``: what failed.
    func build() async throws {
        switch Self.kind(SystemFile.read(file, bytesMax: 4) ?? []) {
        case .requirements: try await install(["-r", file])
        case .zip:
            try await unzip()
            try await use()
        case .tar:
            try FileManager.default.createDirectory(atPath: unpacked, withIntermediateDirectories: true)
            try await untar()
            try await use()
        }
        guard SystemFile.exists("\(folder)/bin/python") || SystemFile.exists("\(folder)/bin/python3") else {
            throw SupervisorError(.badEnvironment, "there is no bin/python in it")
        }
    }

    private var unpacked: String { "\(temporary)/unpacked" }

    private func unzip() async throws {
        do {
            try await DiskWork.run { [self] in
                try ZipFile(file).unpack(below: "", into: unpacked, limits: limits.unpacking, takesLinks: true)
            }
        } catch let error as ArchiveError {
            throw SupervisorError(.badArchive, error.description)
        }
    }

    /// Unpacks `$1` into `$2`; ends with 3 when it has more than `$3` bytes, with 4 when it has more than `$4` entries, whose
    /// names tar prints (a line each) as it makes them. GNU tar takes no name that leads out of the folder, and
    /// leaves unread what is behind the archive's end.
    private static let untarScript = """
        gzip -dc "$1" | { head -c "$3" || exit 1; [ "$(head -c 1 | wc -c)" -eq 0 ] || exit 3; } \\
            | { tar -xvf - -C "$2" --no-same-owner --no-same-permissions && cat > /dev/null; } \\
            | awk -v most="$4" 'NR > most { exit 4 }'
        ends=("${PIPESTATUS[@]}")
        [ "${ends[3]}" -ne 4 ] || exit 4
        [ "${ends[1]}" -ne 3 ] || exit 3
        for end in "${ends[@]}"; do [ "$end" -eq 0 ] || exit 1; done
        """

    /// Whatever is in it, an environment or wheels: no more than the limit is written.
    private func untar() async throws {
        let bytesMax = limits.unpacking.bytesMax
        let entriesMax = limits.unpacking.entriesMax
        let (exit, lines) = try await finish(
            ["bash", "-c", Self.untarScript, "bash", file, unpacked, "\(bytesMax)", "\(entriesMax)"],
            shown: "tar -x")
        guard exit != .exited(code: 3) else {
            throw SupervisorError(.badArchive, "it unpacks to more than \(bytesMax) bytes")
        }
        guard exit != .exited(code: 4) else {
            throw SupervisorError(.badArchive, "more than \(entriesMax) files and folders are in it")
        }
        try Self.check(exit, lines, shown: "tar -x")
    }

    /// Takes what was unpacked for what it is: wheels, or an environment, either with or without a folder around it.
    private func use() async throws {
        var root = unpacked
        var names = try FileManager.default.contentsOfDirectory(atPath: root).sorted()
        if names.count == 1, let only = names.first, only != "bin", !only.hasSuffix(".whl") {
            root += "/\(only)"
            try Self.refuseLink(root, shown: only)
            // A single file is neither; the check below says so.
            names = (try? FileManager.default.contentsOfDirectory(atPath: root).sorted()) ?? []
        }
        if names.contains("bin") {
            try Self.refuseLink("\(root)/bin", shown: "bin")
            return try await DiskWork.run { [self, root] in try move(root) }
        }
        let wheels = names.filter { $0.hasSuffix(".whl") }
        guard !wheels.isEmpty else {
            throw SupervisorError(.badEnvironment, "the archive holds neither a folder bin nor wheels")
        }
        let wanted =
            names.contains("requirements.txt") ? ["-r", "\(root)/requirements.txt"] : wheels.map { "\(root)/\($0)" }
        try await install(["--no-index", "--find-links", root] + wanted)
    }

    /// What is behind a link is not ours to change.
    private static func refuseLink(_ path: String, shown: String) throws {
        guard FileEntry(path)?.kind != .link else {
            throw SupervisorError(.badEnvironment, "'\(shown)' in the archive is a symbolic link instead of a folder")
        }
    }

    /// Puts an environment that was made elsewhere in its place.
    @Sendable private func move(_ root: String) throws {
        let complete = "\(root)/complete"
        // An environment of another supervisor has one; this one is not complete before its scripts are changed.
        if FileEntry(complete) != nil { try FileManager.default.removeItem(atPath: complete) }
        try FileManager.default.moveItem(atPath: root, toPath: folder)
        try EnvironmentScripts.adapt("\(folder)/bin", interpreter: "\(folder)/bin/python")
    }

    private func install(_ arguments: [String]) async throws {
        try await run(["python3", "-m", "venv", folder])
        try await run(
            ["\(folder)/bin/python", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"] + arguments)
    }

    private func run(_ command: [String]) async throws {
        let shown = command.prefix(4).joined(separator: " ")
        let (exit, lines) = try await finish(command, shown: shown)
        try Self.check(exit, lines, shown: shown)
    }

    private static func check(_ exit: ProcessExit, _ lines: [String], shown: String) throws {
        guard exit.isSuccess else {
            throw SupervisorError(
                .badEnvironment, "'\(shown) …' ended: \(exit)\n" + lines.suffix(20).joined(separator: "\n"))
        }
    }

    /// Runs a command to its end, within what is left of the time.
    /// - Returns: how it ended, and what it wrote last.
    private func finish(_ command: [String], shown: String) async throws -> (ProcessExit, [String]) {
        var specification = ProcessSpecification(
            executable: command[0], arguments: Array(command.dropFirst()), environment: Self.environment,
            workingDirectory: temporary)
        specification.standardOutput = .capture(lastBytesMax: 2048)
        specification.standardError = .capture(lastBytesMax: 2048)
        specification.newGroup = true
        specification.whenParentEnds = .killed
        let handle = try await ChildProcess.spawn(specification)
        let exit: ProcessExit?
        do {
            exit = try await handle.waitForExit(within: max(.zero, ContinuousClock.now.duration(to: deadline)))
        } catch {
            await Self.end(handle)
            throw error
        }
        guard let exit else {
            await Self.end(handle)
            throw SupervisorError(.badEnvironment, "'\(shown) …' did not end within \(limits.time) and was killed")
        }
        handle.killGroupLeftovers()
        return (exit, handle.capturedErrors.lines + handle.capturedOutput.lines)
    }

    private static let killLimit: Duration = .seconds(5)

    /// Kills a command and what it started, and waits until nobody of them can write any more: at most ``killLimit``.
    static func end(_ handle: ProcessHandle) async {
        // A task of its own: a cancelled caller must not leave the work half done.
        await Task {
            let deadline = ContinuousClock.now + killLimit
            handle.send(.kill, scope: .group)
            // Never cancelled; what does not end within the limit hangs in the kernel.
            _ = try? await handle.waitForExit(within: killLimit)
            handle.killGroupLeftovers()
            while hasMembers(group: handle.pid), ContinuousClock.now < deadline {
                // Never cancelled.
                try? await Task.sleep(for: .milliseconds(20))
            }
        }.value
    }

    /// Zombies do not count: they write nothing, and may wait for long for whoever adopted them.
    private static func hasMembers(group: Int32) -> Bool {
        ProcessStat.all().contains { $0.groupID == group && !$0.isZombie }
    }

    /// Ours without what leads a Python to other places.
    private static var environment: [String: String] {
        ExecutableSearch.environment().filter { !["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"].contains($0.key) }
    }
}
