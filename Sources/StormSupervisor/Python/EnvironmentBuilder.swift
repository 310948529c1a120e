internal import FoundationEssentials
internal import StormArchive
internal import StormProcess

/// Makes one Python environment of one file: of a list of requirements, of an archive with wheels, or of an archive that is
/// an environment already.
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
            do throws(ArchiveError) {
                try ZipFile(file).unpack(below: "", into: unpacked, limits: limits.unpacking)
            } catch {
                throw SupervisorError(.badArchive, error.description)
            }
            try await use()
        case .tar:
            try FileManager.default.createDirectory(atPath: unpacked, withIntermediateDirectories: true)
            // GNU tar takes no name that leads out of the folder.
            try await run(["tar", "-xzf", file, "-C", unpacked, "--no-same-owner"])
            try await use()
        }
        guard SystemFile.exists("\(folder)/bin/python") || SystemFile.exists("\(folder)/bin/python3") else {
            throw SupervisorError(.badEnvironment, "there is no bin/python in it")
        }
    }

    private var unpacked: String { "\(temporary)/unpacked" }

    /// Takes what was unpacked for what it is: wheels, or an environment, either with or without a folder around it.
    private func use() async throws {
        var root = unpacked
        var names = try FileManager.default.contentsOfDirectory(atPath: root).sorted()
        if names.count == 1, let only = names.first, only != "bin", !only.hasSuffix(".whl") {
            root += "/\(only)"
            // A single file is neither; the check below says so.
            names = (try? FileManager.default.contentsOfDirectory(atPath: root).sorted()) ?? []
        }
        if names.contains("bin") {
            try FileManager.default.moveItem(atPath: root, toPath: folder)
            return try EnvironmentScripts.adapt("\(folder)/bin", interpreter: "\(folder)/bin/python")
        }
        let wheels = names.filter { $0.hasSuffix(".whl") }
        guard !wheels.isEmpty else {
            throw SupervisorError(.badEnvironment, "the archive holds neither a folder bin nor wheels")
        }
        let wanted =
            names.contains("requirements.txt") ? ["-r", "\(root)/requirements.txt"] : wheels.map { "\(root)/\($0)" }
        try await install(["--no-index", "--find-links", root] + wanted)
    }

    private func install(_ arguments: [String]) async throws {
        try await run(["python3", "-m", "venv", folder])
        try await run(
            ["\(folder)/bin/python", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"] + arguments)
    }

    /// Runs a command to its end, within what is left of the time.
    private func run(_ command: [String]) async throws {
        var specification = ProcessSpecification(
            executable: command[0], arguments: Array(command.dropFirst()), environment: Self.environment,
            workingDirectory: temporary)
        specification.standardOutput = .capture(lastBytesMax: 2048)
        specification.standardError = .capture(lastBytesMax: 2048)
        specification.newGroup = true
        specification.whenParentEnds = .killed
        let shown = command.prefix(4).joined(separator: " ")
        let handle = try await ChildProcess.spawn(specification)
        let exit: ProcessExit?
        do {
            exit = try await handle.waitForExit(within: max(.zero, ContinuousClock.now.duration(to: deadline)))
        } catch {
            handle.send(.kill, scope: .group)
            throw error
        }
        guard let exit else {
            handle.send(.kill, scope: .group)
            throw SupervisorError(.badEnvironment, "'\(shown) …' did not end within \(limits.time) and was killed")
        }
        handle.killGroupLeftovers()
        guard exit.isSuccess else {
            let lines = handle.capturedErrors.lines + handle.capturedOutput.lines
            throw SupervisorError(
                .badEnvironment, "'\(shown) …' ended: \(exit)\n" + lines.suffix(20).joined(separator: "\n"))
        }
    }

    /// Ours without what leads a Python to other places.
    private static var environment: [String: String] {
        ExecutableSearch.environment().filter { !["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"].contains($0.key) }
    }
}
