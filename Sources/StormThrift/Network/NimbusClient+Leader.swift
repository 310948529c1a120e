extension NimbusClient {
    /// Finds the leading nimbus by asking the seeds in order, and connects to it. A seed that is dead, hangs or knows no
    /// leader costs at most `discoveryTimeout` for each step and is passed over. When some nimbus answers but none leads,
    /// all are asked again for `electionPatience`.
    ///
    /// - Parameters:
    ///   - seeds: `nimbus.seeds`; each a host, or `host:port` where the port differs.
    ///   - port: `nimbus.thrift.port`.
    /// - Throws: `ThriftError` `noLeader`, whose text has the reason for each seed and what to do;
    ///   `CancellationError`.
    package static func leader(
        seeds: [String], port: Int, configuration: Configuration = Configuration()
    ) async throws -> NimbusClient {
        let deadline = ContinuousClock.now + configuration.electionPatience
        var pause = Duration.milliseconds(100)
        while true {
            let search = try await askAll(seeds, port, configuration)
            if let client = search.client { return client }
            // Where nobody answers nobody is about to lead.
            guard search.someoneAnswered, ContinuousClock.now < deadline else {
                throw noLeader(seeds, search)
            }
            try await ContinuousClock().sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }

    private struct Search {
        var client: NimbusClient?
        var reasons: [String] = []
        var someoneAnswered = false
        /// A seed took a question and said nothing: as a nimbus does whose ZooKeeper is away.
        var someoneWasSilent = false
    }

    private static func askAll(
        _ seeds: [String], _ port: Int, _ configuration: Configuration
    ) async throws -> Search {
        var search = Search()
        for seed in seeds {
            let address = seedAddress(seed, port)
            do {
                search.client = try await leader(askedFrom: address, configuration, &search.someoneAnswered)
                return search
            } catch let error as CancellationError {
                throw error
            } catch {
                // Without what lies beneath: the message names the place already.
                let reason = (error as? ThriftError)?.message ?? "\(error)"
                if (error as? ThriftError)?.code == .timedOut { search.someoneWasSilent = true }
                search.reasons.append("\(address.host):\(address.port): \(reason)")
            }
        }
        return search
    }

    private static func noLeader(_ seeds: [String], _ search: Search) -> ThriftError {
        let list = seeds.joined(separator: ", ")
        let why = search.reasons.isEmpty ? "The list of seed hosts is empty" : search.reasons.joined(separator: "; ")
        let further =
            search.someoneWasSilent ? " One that does not reply may miss its ZooKeeper: see storm doctor." : ""
        return ThriftError(
            .noLeader,
            "Could not find leader nimbus from seed hosts [\(list)]. \(why). Check that a nimbus runs and that "
                + "nimbus.seeds and nimbus.thrift.port name it; a nimbus that has just started needs a moment to lead."
                + further)
    }

    private static func leader(
        askedFrom seed: (host: String, port: Int), _ configuration: Configuration, _ hasAnswered: inout Bool
    ) async throws -> NimbusClient {
        var hasty = configuration
        hasty.connectTimeout = min(configuration.connectTimeout, configuration.discoveryTimeout)
        hasty.callTimeout = min(configuration.callTimeout, configuration.discoveryTimeout)
        let client = try await connect(host: seed.host, port: seed.port, configuration: hasty)
        let leader: Thrift.NimbusSummary?
        do {
            leader = try await client.getLeader()
        } catch {
            await client.close()
            throw error
        }
        hasAnswered = true
        if let leader, leader.host == seed.host, Int(leader.port) == seed.port {
            return NimbusClient(connection: client.connection, configuration: configuration)
        }
        await client.close()
        guard let leader else { throw ThriftError(.noLeader, "it knows no leader at present") }
        do {
            let found = try await connect(host: leader.host, port: Int(leader.port), configuration: hasty)
            return NimbusClient(connection: found.connection, configuration: configuration)
        } catch let error as ThriftError {
            throw ThriftError(
                error.code, "it names \(leader.host):\(leader.port) as the leader, but: \(error.message)",
                cause: error.cause)
        }
    }

    /// Splits `host:port`. A bare IPv6 address has several colons and so no port; `[address]:port` has one.
    package static func seedAddress(_ seed: String, _ defaultPort: Int) -> (host: String, port: Int) {
        if seed.hasPrefix("["), let end = seed.firstIndex(of: "]") {
            let host = String(seed[seed.index(after: seed.startIndex)..<end])
            let rest = seed[seed.index(after: end)...]
            return (host, rest.hasPrefix(":") ? Int(rest.dropFirst()) ?? defaultPort : defaultPort)
        }
        let parts = seed.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = Int(parts[1]) else { return (seed, defaultPort) }
        return (String(parts[0]), port)
    }
}
