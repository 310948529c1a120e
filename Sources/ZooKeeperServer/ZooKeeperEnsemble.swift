internal import FoundationEssentials
internal import StormProcess

/// Several real ZooKeeper servers on this machine that keep one state together: for tests of lost servers.
///
/// Example:
/// ```swift
/// let ensemble = try await ZooKeeperEnsemble.start(3, .forTests)
/// let client = connect(to: ensemble.connectString)
/// try await ensemble.servers[await ensemble.leaderIndex() ?? 0].kill()   // the other two go on
/// try await ensemble.remove()
/// ```
///
/// Each element of ``servers`` can be killed, stopped, paused, resumed and restarted by itself; a restart returns when
/// the server serves, which takes a majority: when fewer run, use ``restartAll()``.
package struct ZooKeeperEnsemble: Sendable {
    /// In the order of their numbers (1, 2, ...).
    package let servers: [ZooKeeperServer]
    /// For clients on this machine: "127.0.0.1:PORT,127.0.0.1:PORT,...".
    package var connectString: String { addresses.joined(separator: ",") }
    /// "127.0.0.1:PORT" of each.
    package var addresses: [String] { servers.map(\.connectString) }
    package var ports: [Int] { servers.map(\.port) }

    /// Starts `count` servers and returns when all of them serve.
    /// - Parameters:
    ///   - count: 3, 5, ...; at least 2.
    ///   - configuration: for all; `port` must be nil; each server has a folder of its own (`1`, `2`, ...) below
    ///     `stateDirectory`, or a temporary one.
    /// - Throws: ``ZooKeeperServerError``, or ``ProcessError`` if Java cannot be started. Nothing runs on then.
    package static func start(
        _ count: Int = 3, _ configuration: ZooKeeperServerConfiguration = .init(),
        installation: JavaInstallation? = nil
    ) async throws -> ZooKeeperEnsemble {
        precondition(count >= 2 && configuration.port == nil, "an ensemble has several servers, on ports of its choice")
        let found = try installation ?? JavaInstallation.find()
        // A free port found may be taken by another program before Java binds it: then try other ones.
        for attempt in 0..<4 {
            do {
                return try await start(configurations(count, configuration), found)
            } catch let error as ZooKeeperServerError where error.code == .portInUse && attempt < 3 {
                continue
            }
        }
        throw ZooKeeperServerError(.portInUse, "no ports for \(count) servers could be found")
    }

    private static func configurations(
        _ count: Int, _ base: ZooKeeperServerConfiguration
    ) throws -> [ZooKeeperServerConfiguration] {
        var ports: Set<Int> = []
        while ports.count < 3 * count { ports.insert(try FreePort.find()) }
        let free = Array(ports)
        let members = (0..<count).map {
            EnsembleMembership.Member(id: $0 + 1, quorumPort: free[3 * $0 + 1], electionPort: free[3 * $0 + 2])
        }
        return members.indices.map { index in
            var configuration = base
            configuration.port = free[3 * index]
            configuration.stateDirectory = base.stateDirectory.map { "\($0)/\(index + 1)" }
            configuration.membership = EnsembleMembership(id: index + 1, members: members)
            return configuration
        }
    }

    private static func start(
        _ configurations: [ZooKeeperServerConfiguration], _ installation: JavaInstallation
    ) async throws -> ZooKeeperEnsemble {
        let results = await withTaskGroup(of: (Int, Result<ZooKeeperServer, any Error>).self) { group in
            for (index, configuration) in configurations.enumerated() {
                group.addTask {
                    do {
                        return (
                            index, .success(try await ZooKeeperServer.start(configuration, installation: installation))
                        )
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var results: [Int: Result<ZooKeeperServer, any Error>] = [:]
            for await (index, result) in group { results[index] = result }
            return results
        }
        var servers: [ZooKeeperServer] = []
        var failure: (any Error)?
        for index in configurations.indices {
            switch results[index] {
            case .success(let server): servers.append(server)
            // The first one's reason: the others may have failed because that one did not come.
            case .failure(let error): failure = failure ?? error
            case nil: break
            }
        }
        guard let failure else { return ZooKeeperEnsemble(servers: servers) }
        for server in servers { try await server.remove() }
        throw failure
    }

    // MARK: Life

    /// The index of the server that leads the ensemble; `nil` while there is none.
    package func leaderIndex() async -> Int? {
        for (index, server) in servers.enumerated() {
            if await server.ask("srvr")?.contains("Mode: leader") == true { return index }
        }
        return nil
    }

    /// The index of a server that runs and does not lead.
    package func followerIndex() async -> Int? {
        for (index, server) in servers.enumerated() {
            if await server.ask("srvr")?.contains("Mode: follower") == true { return index }
        }
        return nil
    }

    /// SIGKILL to all.
    package func killAll() async throws {
        try await forEach { try await $0.kill() }
    }

    /// Stops those that run; starts all on their ports with their data, and returns when all of them serve.
    package func restartAll() async throws {
        try await forEach { try await $0.restart() }
    }

    /// Freezes all (SIGSTOP): connections stay open, nobody answers.
    package func pauseAll() async {
        for server in servers { await server.pause() }
    }

    /// Undoes ``pauseAll()``.
    package func resumeAll() async {
        for server in servers { await server.resume() }
    }

    /// Stops all, forgets everything that was stored, and starts them empty.
    package func wipe() async throws {
        try await forEach { try await $0.wipe() }
        try await restartAll()
    }

    /// Kills all and removes temporary folders.
    package func remove() async throws {
        try await forEach { try await $0.remove() }
    }

    private func forEach(_ body: @escaping @Sendable (ZooKeeperServer) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for server in servers { group.addTask { try await body(server) } }
            try await group.waitForAll()
        }
    }
}
