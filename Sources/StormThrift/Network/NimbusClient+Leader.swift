extension NimbusClient {
    /// Finds the leading nimbus by asking the seeds in order, and connects to it.
    ///
    /// - Parameters:
    ///   - seeds: `nimbus.seeds`; each a host, or `host:port` where the port differs.
    ///   - port: `nimbus.thrift.port`.
    /// - Throws: `ThriftError` `noLeader`, whose text has the reason for each seed and what to do;
    ///   `CancellationError`.
    package static func leader(
        seeds: [String], port: Int, configuration: Configuration = Configuration()
    ) async throws -> NimbusClient {
        var reasons: [String] = []
        for seed in seeds {
            let address = seedAddress(seed, port)
            do {
                return try await leader(askedFrom: address, configuration)
            } catch let error as CancellationError {
                throw error
            } catch {
                reasons.append("\(address.host):\(address.port): \(error)")
            }
        }
        let list = seeds.joined(separator: ", ")
        let why = reasons.isEmpty ? "The list of seed hosts is empty" : reasons.joined(separator: "; ")
        throw ThriftError(
            .noLeader,
            "Could not find leader nimbus from seed hosts [\(list)]. \(why). Check that a nimbus runs and that "
                + "nimbus.seeds and nimbus.thrift.port name it; a nimbus that has just started needs a moment to lead.")
    }

    private static func leader(
        askedFrom seed: (host: String, port: Int), _ configuration: Configuration
    ) async throws -> NimbusClient {
        let client = try await connect(host: seed.host, port: seed.port, configuration: configuration)
        let leader: Thrift.NimbusSummary?
        do {
            leader = try await client.getLeader()
        } catch {
            await client.close()
            throw error
        }
        if let leader, leader.host == seed.host, Int(leader.port) == seed.port { return client }
        await client.close()
        guard let leader else { throw ThriftError(.noLeader, "it knows no leader at present") }
        do {
            return try await connect(host: leader.host, port: Int(leader.port), configuration: configuration)
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
