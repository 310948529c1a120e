package import StormCore
import StormProcess
import ZooKeeperServer

/// `storm dev`: the real thing on one machine, as child processes, until it is told to stop or a child dies.
///
/// The kernel ends the children when this process ends, however it ends: nimbus and ZooKeeper at once, supervisors by
/// SIGTERM, on which they stop their workers.
package actor DevCluster {
    private struct Running {
        let child: DevPlan.Child
        let handle: ProcessHandle
    }

    /// How long each daemon may take to come up.
    private static let startLimit = Duration.seconds(60)
    private static let supervisorGrace = Duration.seconds(15)
    private static let nimbusGrace = Duration.seconds(10)

    package nonisolated let plan: DevPlan
    private let folder: DevFolder
    private let executable: String
    private let probe: any DevProbe
    private let heapMegabytes: Int
    private let say: @Sendable (String) -> Void
    private var zookeeper: ZooKeeperServer?
    private var running: [Running] = []

    /// Chooses folder and ports; starts nothing.
    /// - Parameters:
    ///   - executable: the `storm` program, for the daemons.
    ///   - say: gets the progress, a line per call.
    package init(
        _ options: DevOptions, config: Config, executable: String, probe: any DevProbe = NimbusProbe(),
        say: @escaping @Sendable (String) -> Void
    ) throws {
        try options.check()
        // First: a cluster that is refused leaves no folder.
        let ports = try DevPlan.Ports.choose(options)
        folder = try DevFolder(options.folder, keeps: options.keeps)
        plan = DevPlan(folder: folder.path, ports: ports, base: config.explicit)
        self.executable = executable
        self.probe = probe
        heapMegabytes = config[.stormDevJavaHeapMb]
        self.say = say
    }

    /// Brings everything up, runs until `stop` returns, and takes everything down again, also after a failure.
    /// - Throws: why the cluster could not be brought up, or which child died, with its last words.
    package func run(until stop: @escaping @Sendable () async -> Void) async throws {
        let outcome = await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                await stop()
                return nil
            }
            group.addTask {
                do {
                    try await self.bringUp()
                    try await self.firstDeath()
                    return nil
                } catch {
                    return error
                }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        await takeDown()
        if let outcome { throw outcome }
    }

    // MARK: Up

    private func bringUp() async throws {
        try folder.create(plan.folders)
        try folder.write(plan.configText, to: plan.configFile)
        say("folder      \(plan.folder)")
        zookeeper = try await ZooKeeperServer.start(zookeeperConfiguration)
        say("zookeeper   \(DevPlan.host):\(plan.ports.zookeeper)")
        try await start(plan.nimbus)
        try await wait("nimbus to answer on port \(plan.ports.nimbus)") { [probe, plan] in
            await probe.nimbusAnswers(port: plan.ports.nimbus)
        }
        say("nimbus      \(DevPlan.host):\(plan.ports.nimbus)")
        for child in plan.supervisors { try await start(child) }
        if let logviewer = plan.logviewer { try await start(logviewer) }
        let wanted = plan.supervisors.count
        try await wait("\(wanted) supervisors to register") { [probe, plan] in
            await probe.supervisorCount(port: plan.ports.nimbus) >= wanted
        }
        for (child, slots) in zip(plan.supervisors, plan.ports.slots) {
            say("\(child.name)  slots \(slots.map(String.init).joined(separator: ", "))")
        }
        if let ui = plan.ui, let port = plan.ports.ui {
            try await start(ui)
            try await wait("the web page to answer on port \(port)") { [probe] in await probe.pageAnswers(port: port) }
            if let logs = plan.ports.logviewer {
                try await wait("the log viewer to answer on port \(logs)") { [probe] in
                    await probe.logsAnswer(port: logs)
                }
            }
            say("ui          http://\(DevPlan.host):\(port)/")
        }
        say("ready; from another terminal: storm --config \(plan.configFile) list")
    }

    private var zookeeperConfiguration: ZooKeeperServerConfiguration {
        var configuration = ZooKeeperServerConfiguration()
        configuration.stateDirectory = plan.zookeeperFolder
        configuration.port = plan.ports.zookeeper
        configuration.tickTimeMilliseconds = 500
        configuration.minSessionTimeoutMilliseconds = 1000
        configuration.maxSessionTimeoutMilliseconds = 120_000
        configuration.heapMegabytes = heapMegabytes
        configuration.isDurable = false
        return configuration
    }

    private func start(_ child: DevPlan.Child) async throws {
        var specification = ProcessSpecification(
            executable: executable, arguments: child.arguments, workingDirectory: child.workingFolder)
        specification.standardOutput = .append(path: child.outputFile)
        specification.standardError = .append(path: child.outputFile)
        // Ctrl-C at the terminal goes to us alone; the children are stopped in their order.
        specification.newSession = true
        specification.whenParentEnds = .terminated
        let handle = try await ChildProcess.spawn(specification)
        running.append(Running(child: child, handle: handle))
    }

    /// Asks until the answer is yes, a child dies, or the time is up.
    private func wait(_ what: String, _ isReady: @Sendable () async -> Bool) async throws {
        let deadline = ContinuousClock.now + Self.startLimit
        while ContinuousClock.now < deadline {
            if let dead = running.first(where: { !$0.handle.isAlive }) { throw death(dead) }
            if await isReady() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CommandFailure("waited \(Self.startLimit) for \(what); see the logs in \(plan.folder)/logs")
    }

    // MARK: Deaths

    /// Suspends until any child has ended, and throws what is to be said about it.
    private func firstDeath() async throws {
        let watched = running
        let zookeeper = zookeeper
        try await withThrowingTaskGroup(of: Int.self) { group in
            for (index, one) in watched.enumerated() {
                group.addTask {
                    _ = try await one.handle.waitForExit()
                    return index
                }
            }
            if let zookeeper {
                group.addTask {
                    _ = try await zookeeper.waitForExit()
                    return watched.count
                }
            }
            defer { group.cancelAll() }
            guard let index = try await group.next() else { return }
            if index < watched.count { throw death(watched[index]) }
            let words = zookeeper?.lastLogLines().suffix(10).joined(separator: " | ") ?? ""
            throw CommandFailure("zookeeper ended; the rest is stopped. Its last words: \(words)")
        }
    }

    private nonisolated func death(_ one: Running) -> CommandFailure {
        let status = one.handle.exitStatus.map(String.init(describing:)) ?? "an unknown status"
        let output = SystemFile.lastLines(one.child.outputFile, lines: 10)
        let lines = output.isEmpty ? SystemFile.lastLines(one.child.logFile, lines: 10) : output
        let words = lines.isEmpty ? "" : " Its last words: " + lines.joined(separator: " | ")
        return CommandFailure("\(one.child.name) ended with \(status); the rest is stopped.\(words)")
    }

    // MARK: Down

    /// Supervisors with their workers first, then nimbus, then what is left of workers, ZooKeeper last.
    private func takeDown() async {
        say("stopping")
        let supervisors = running.filter { $0.child.name != plan.nimbus.name }
        await withTaskGroup(of: Void.self) { group in
            for one in supervisors { group.addTask { await self.end(one, grace: Self.supervisorGrace) } }
        }
        for one in running where one.child.name == plan.nimbus.name { await end(one, grace: Self.nimbusGrace) }
        running = []
        let left = DevWorkers.kill(below: plan.folder)
        if left > 0 { say("killed \(left) workers that were left") }
        do {
            try await zookeeper?.stop()
        } catch {
            say("zookeeper: \(error)")
        }
        say(folder.finish() ? "stopped; nothing is left" : "stopped; the state stays in \(plan.folder)")
    }

    private func end(_ one: Running, grace: Duration) async {
        do {
            try await one.handle.terminate(grace: grace)
        } catch {
            say("\(one.child.name): \(error)")
        }
    }
}
