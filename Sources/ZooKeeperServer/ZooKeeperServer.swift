package import StormProcess

/// A real ZooKeeper server, alone or one of a ``ZooKeeperEnsemble``, as a child process: for tests and for development on one machine.
///
/// Example:
/// ```swift
/// let server = try await ZooKeeperServer.start(.forTests)
/// let client = connect(to: server.connectString)
/// try await server.restart()
/// try await server.stop()
/// ```
package actor ZooKeeperServer {
    package nonisolated let port: Int
    package nonisolated let stateDirectory: String
    /// For clients on this machine: "127.0.0.1:PORT".
    package nonisolated var connectString: String { "127.0.0.1:\(port)" }
    package nonisolated var logFile: String { state.logFile }

    private let configuration: ZooKeeperServerConfiguration
    private let installation: JavaInstallation
    private let state: ServerState
    private var process: ProcessHandle

    /// Starts a server and returns when it serves.
    /// - Throws: ``ZooKeeperServerError``, or ``ProcessError`` if Java cannot be started.
    package static func start(
        _ configuration: ZooKeeperServerConfiguration = .init(),
        installation: JavaInstallation? = nil
    ) async throws -> ZooKeeperServer {
        let found = try installation ?? JavaInstallation.find()
        let state = try ServerState(directory: configuration.stateDirectory)
        do {
            // A free port found may be taken by another program before Java binds it: then try another one.
            for _ in 0..<4 where configuration.port == nil {
                do {
                    return try await start(configuration, found, state, port: try FreePort.find())
                } catch let error as ZooKeeperServerError where error.code == .portInUse {
                    continue
                }
            }
            return try await start(configuration, found, state, port: try configuration.port ?? FreePort.find())
        } catch {
            if state.isTemporary { state.remove() }
            throw error
        }
    }

    private static func start(
        _ configuration: ZooKeeperServerConfiguration, _ installation: JavaInstallation,
        _ state: ServerState, port: Int
    ) async throws -> ZooKeeperServer {
        let process = try await launch(configuration, installation, state, port)
        return ZooKeeperServer(configuration, installation, state, port, process)
    }

    private init(
        _ configuration: ZooKeeperServerConfiguration, _ installation: JavaInstallation, _ state: ServerState,
        _ port: Int, _ process: ProcessHandle
    ) {
        self.configuration = configuration
        self.installation = installation
        self.state = state
        self.port = port
        self.process = process
        stateDirectory = state.directory
    }

    // MARK: Life

    package var isRunning: Bool { process.isAlive }
    package var pid: Int32 { process.pid }

    /// Ends it in order (SIGTERM; SIGKILL after 5 s); its data stays. Nothing happens if it does not run.
    @discardableResult
    package func stop() async throws -> ProcessExit {
        try await process.terminate(grace: .seconds(5))
    }

    /// SIGKILL: as if it had crashed.
    @discardableResult
    package func kill() async throws -> ProcessExit {
        try await process.terminate(grace: .zero)
    }

    /// Stops it if it runs, and starts it on the same port with the same data.
    package func restart() async throws {
        try await stop()
        process = try await Self.launch(configuration, installation, state, port)
    }

    /// Ends it in order and forgets everything that was stored; ``restart()`` starts it empty.
    package func wipe() async throws {
        try await stop()
        try state.wipe()
    }

    /// Freezes it (SIGSTOP): connections stay open, nobody answers. For tests of partitions.
    package func pause() { process.send(.stop) }

    /// Undoes ``pause()``.
    package func resume() { process.send(.continue) }

    /// Kills it and, if its folder is a temporary one, removes that.
    package func remove() async throws {
        try await kill()
        if state.isTemporary { state.remove() }
    }

    /// Suspends until it has ended for whatever reason.
    package func waitForExit() async throws -> ProcessExit { try await process.waitForExit() }

    /// The answer to one of ZooKeeper's four-letter words (ruok, srvr, stat, mntr, cons, wchs); `nil`: none in time.
    package nonisolated func ask(_ word: String, within limit: Duration = .seconds(2)) async -> String? {
        await LoopbackQuestion.ask(port: port, word, within: limit)
    }

    package nonisolated func lastLogLines() -> [String] { state.lastLogLines() }

    // MARK: Start

    private static func launch(
        _ configuration: ZooKeeperServerConfiguration, _ installation: JavaInstallation,
        _ state: ServerState, _ port: Int
    ) async throws -> ProcessHandle {
        guard FreePort.isFree(port, allInterfaces: configuration.listensOnAllInterfaces) else {
            throw portInUse(port, state)
        }
        try state.prepareRun(
            properties: configuration.propertiesText(dataDirectory: state.dataDirectory, port: port),
            memberID: configuration.membership?.id)
        let process = try await ChildProcess.spawn(specification(configuration, installation, state))
        do {
            try await awaitReady(process, configuration, state, port)
        } catch {
            try await process.terminate(grace: .zero)
            throw error
        }
        return process
    }

    private static func specification(
        _ configuration: ZooKeeperServerConfiguration, _ installation: JavaInstallation,
        _ state: ServerState
    ) -> ProcessSpecification {
        var arguments = [
            "-Xmx\(configuration.heapMegabytes)m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
            "-Djava.awt.headless=true", "-Dzookeeper.jmx.log4j.disable=true", "-Dzookeeper.preAllocSize=4096",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-Dorg.slf4j.simpleLogger.showDateTime=true",
        ]
        if !configuration.isDurable { arguments.append("-Dzookeeper.forceSync=no") }
        arguments += configuration.jvmArguments
        arguments += [
            "-cp", installation.classPath, "org.apache.zookeeper.server.quorum.QuorumPeerMain", state.configurationFile,
        ]
        var specification = ProcessSpecification(
            executable: installation.java, arguments: arguments,
            workingDirectory: state.directory)
        specification.standardOutput = .append(path: state.logFile)
        specification.standardError = .append(path: state.logFile)
        // A session of its own: Ctrl-C at the terminal goes to us alone, and we stop it last.
        specification.newSession = true
        specification.whenParentEnds = configuration.endsWithParent ? .killed : .survives
        return specification
    }

    /// Asks `srvr` until the answer says that it serves, the process ends, or the time is up.
    private static func awaitReady(
        _ process: ProcessHandle, _ configuration: ZooKeeperServerConfiguration,
        _ state: ServerState, _ port: Int
    ) async throws {
        // A member of an ensemble serves when it has found a majority.
        let modes = configuration.membership == nil ? ["standalone"] : ["leader", "follower"]
        let deadline = ContinuousClock.now + configuration.startDeadline
        while ContinuousClock.now < deadline {
            if let reply = await LoopbackQuestion.ask(port: port, "srvr", within: .milliseconds(500)),
                modes.contains(where: { reply.contains("Mode: \($0)") }), process.isAlive
            {
                return
            }
            guard let status = try await process.waitForExit(within: .milliseconds(25)) else { continue }
            let lines = state.lastLogLines()
            if lines.contains(where: { $0.contains("BindException") }) { throw portInUse(port, state) }
            throw ZooKeeperServerError(
                .diedAtStart, "ZooKeeper ended at start with \(status) (\(state.logFile))",
                lastLogLines: lines)
        }
        throw ZooKeeperServerError(
            .notReadyInTime,
            "ZooKeeper on port \(port) did not serve within \(configuration.startDeadline) (\(state.logFile))",
            lastLogLines: state.lastLogLines())
    }

    private static func portInUse(_ port: Int, _ state: ServerState) -> ZooKeeperServerError {
        ZooKeeperServerError(
            .portInUse,
            "port \(port) is in use; stop what listens there (ss -ltnp 'sport = :\(port)') or choose another port",
            lastLogLines: state.lastLogLines())
    }
}
