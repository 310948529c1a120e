internal import FoundationEssentials
package import StormProcess

/// Workers as child processes, each in a session of its own: they survive their supervisor.
package struct ChildWorkerLauncher: WorkerLauncher {
    /// The logs of standard output and error that are longer at a start are set aside first (one former file is kept).
    package var logBytesMax = 100 << 20

    package init() {}

    package func launch(_ launch: WorkerLaunch) async throws -> any WorkerProcess {
        var specification = ProcessSpecification(
            executable: launch.executable, arguments: launch.arguments,
            environment: ExecutableSearch.environment().merging(launch.environment) { _, ours in ours },
            workingDirectory: launch.workingDirectory)
        for file in [launch.outputFile, launch.errorFile] { rotate(file) }
        specification.standardOutput = .append(path: launch.outputFile)
        specification.standardError = .append(path: launch.errorFile)
        specification.newSession = true
        return ChildWorker(handle: try await ChildProcess.spawn(specification))
    }

    package func adopt(_ identity: ProcessIdentity) async throws -> any WorkerProcess {
        ChildWorker(handle: try await ProcessHandle.adopt(identity))
    }

    package func find(manifest path: String) async -> ProcessIdentity? {
        // A worker leads its session; what it starts itself may repeat its arguments.
        let stat = ProcessStat.all().first { stat in
            stat.sessionID == stat.pid && !stat.isZombie && ProcessStat.commandLine(pid: stat.pid).contains(path)
        }
        return stat.flatMap { ProcessIdentity.current(ofPID: $0.pid) }
    }

    package func endLeftovers(of identity: ProcessIdentity) async {
        guard identity.bootID == ProcessIdentity.thisBoot, !identity.isAlive else { return }
        // By the mark alone: since its end, its number may have become that of a stranger's session.
        DescendantMark(all: identity).killAll()
    }

    private func rotate(_ file: String) {
        guard SystemFile.size(file) > logBytesMax else { return }
        // There may be none from before.
        try? FileManager.default.removeItem(atPath: file + ".1")
        // A log that cannot be set aside just goes on growing; the worker's start matters more.
        try? FileManager.default.moveItem(atPath: file, toPath: file + ".1")
    }
}

private struct ChildWorker: WorkerProcess {
    let handle: ProcessHandle

    var identity: ProcessIdentity { handle.identity }

    func terminate() { handle.send(.terminate) }

    func kill() async { handle.send(.kill, scope: .session) }

    func waitForEnd() async throws -> ProcessExit {
        let exit = try await handle.waitForExit()
        handle.killLeftovers()
        return exit
    }
}
