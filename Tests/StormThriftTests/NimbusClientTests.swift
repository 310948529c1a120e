import StormThrift
import Synchronization
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct NimbusClientTests {
    /// A nimbus that says who leads.
    private func nimbus(naming host: String?, _ port: Int = 0) -> ThriftProcessor {
        var table = ThriftMethodTable<Void>()
        table.add(NimbusCalls.getLeader) { _ in
            host.map { Thrift.NimbusSummary(host: $0, port: Int32(port), uptimeSecs: 1, isLeader: true, version: "3") }
        }
        return ThriftProcessor(service: (), methods: table)
    }

    private func closedPort() async throws -> Int { try await withServer(nimbus(naming: nil)) { $0.port } }

    @Test func leaderIsFoundThroughAnySeed() async throws {
        let dead = try await closedPort()
        try await withServer(.nimbus(RecordingNimbus())) { leader async throws in
            try await withServer(nimbus(naming: nil)) { undecided async throws in
                try await withServer(nimbus(naming: "127.0.0.1", leader.port)) { follower async throws in
                    let client = try await NimbusClient.leader(
                        seeds: ["127.0.0.1:\(dead)", "127.0.0.1:\(undecided.port)", "127.0.0.1"], port: follower.port)
                    #expect(client.connection.port == leader.port)
                    #expect(try await client.isTopologyNameAllowed(name: "wc"))
                    await client.close()
                }
            }
        }
    }

    @Test func noLeaderSaysWhyForEachSeedAndWhatToDo() async throws {
        let dead = try await closedPort()
        try await withServer(nimbus(naming: nil)) { undecided async throws in
            try await withServer(nimbus(naming: "127.0.0.1", dead)) { stale async throws in
                await #expect {
                    _ = try await NimbusClient.leader(
                        seeds: ["127.0.0.1:\(dead)", "127.0.0.1:\(undecided.port)", "127.0.0.1"], port: stale.port)
                } throws: { error in
                    guard let error = error as? ThriftError, error.code == .noLeader else { return false }
                    let seeds = "127.0.0.1:\(dead), 127.0.0.1:\(undecided.port), 127.0.0.1"
                    return error.message.hasPrefix("Could not find leader nimbus from seed hosts [\(seeds)]. ")
                        && error.message.contains("127.0.0.1:\(dead): connection refused")
                        && error.message.contains("127.0.0.1:\(undecided.port): it knows no leader at present")
                        && error.message.contains("it names 127.0.0.1:\(dead) as the leader, but: connection refused")
                        && error.message.contains("nimbus.seeds")
                }
            }
        }
    }

    /// A nimbus that takes connections and never answers: its process is stopped, or its machine swaps.
    private func hangingNimbus() -> ThriftProcessor {
        let (never, feed) = AsyncStream.makeStream(of: Void.self)
        var table = ThriftMethodTable<Void>()
        table.add(NimbusCalls.getLeader) { (_: Void) async throws -> Thrift.NimbusSummary? in
            for await _ in never { break }
            feed.finish()
            return nil
        }
        return ThriftProcessor(service: (), methods: table)
    }

    @Test func seedThatHangsIsPassedOver() async throws {
        var settings = NimbusClient.Configuration()
        settings.callTimeout = .seconds(600)
        settings.discoveryTimeout = .milliseconds(200)
        try await withServer(.nimbus(RecordingNimbus())) { leader async throws in
            try await withServer(nimbus(naming: "127.0.0.1", leader.port)) { follower async throws in
                try await withServer(hangingNimbus()) { hanging async throws in
                    let seeds = ["127.0.0.1:\(hanging.port)", "127.0.0.1:\(follower.port)"]
                    let client = try await NimbusClient.leader(seeds: seeds, port: 1, configuration: settings)
                    #expect(client.connection.port == leader.port)
                    #expect(client.configuration.callTimeout == .seconds(600), "only the search is hasty")
                    await client.close()
                }
            }
        }
    }

    @Test func allSeedsThatHangAreNamedWithTheDeadline() async throws {
        var settings = NimbusClient.Configuration()
        settings.discoveryTimeout = .milliseconds(100)
        settings.electionPatience = .seconds(600)
        try await withServer(hangingNimbus()) { hanging async throws in
            await #expect {
                _ = try await NimbusClient.leader(
                    seeds: ["127.0.0.1:\(hanging.port)"], port: 1, configuration: settings)
            } throws: { error in
                guard let error = error as? ThriftError, error.code == .noLeader else { return false }
                return error.message.contains("127.0.0.1:\(hanging.port): ") && error.message.contains("storm doctor")
            }
        }
    }

    @Test func searchWaitsForAnElection() async throws {
        var settings = NimbusClient.Configuration()
        settings.electionPatience = .seconds(60)
        try await withServer(.nimbus(RecordingNimbus())) { leader async throws in
            let asked = AskedTimes()
            var table = ThriftMethodTable<Void>()
            let port = leader.port
            // Knows no leader when it is asked first, names one that is dead then, and the new one in the end.
            let dead = try await closedPort()
            table.add(NimbusCalls.getLeader) { (_: Void) async throws -> Thrift.NimbusSummary? in
                let count = asked.next()
                guard count > 0 else { return nil }
                return Thrift.NimbusSummary(
                    host: "127.0.0.1", port: Int32(count == 1 ? dead : port), uptimeSecs: 1, isLeader: true,
                    version: "3")
            }
            try await withServer(ThriftProcessor(service: (), methods: table)) { follower async throws in
                let client = try await NimbusClient.leader(
                    seeds: ["127.0.0.1:\(follower.port)"], port: 1, configuration: settings)
                #expect(client.connection.port == port)
                #expect(asked.next() == 3)
                await client.close()
            }
        }
    }

    @Test func emptySeedListSaysSo() async throws {
        await #expect {
            _ = try await NimbusClient.leader(seeds: [], port: 6627)
        } throws: { ($0 as? ThriftError)?.message.contains("The list of seed hosts is empty") == true }
    }

    @Test func unknownHostIsAClearError() async throws {
        await #expect {
            _ = try await NimbusClient.connect(host: "no-such-host.invalid", port: 6627)
        } throws: { error in
            guard let error = error as? ThriftError else { return false }
            return error.code == .connectFailed && error.message.contains("no-such-host.invalid:6627")
        }
    }

    @Test func callAfterItsDeadlineFailsAndItsConnectionCloses() async throws {
        let service = EchoService()
        try await withServer(service.processor) { server async throws in
            let client = try await connect(server)
            await #expect {
                _ = try await client.call(EchoService.wait, timeout: .milliseconds(50))
            } throws: { ($0 as? ThriftError)?.code == .timedOut }
            await #expect {
                _ = try await client.call(EchoService.echo, "a", timeout: .seconds(20))
            } throws: { ($0 as? ThriftError)?.code == .connectionClosed }
        }
    }

    @Test func cancelledTaskLeavesItsCallAtOnce() async throws {
        let service = EchoService()
        var events = service.events.makeAsyncIterator()
        try await withServer(service.processor) { server async throws in
            let client = try await connect(server)
            let call = Task { try await client.call(EchoService.wait, timeout: .seconds(600)) }
            #expect(await events.next() == .waiting)
            call.cancel()
            await #expect(throws: CancellationError.self) { _ = try await call.value }
        }
    }

    @Test func callsOfManyTasksShareAConnection() async throws {
        try await withServer(EchoService().processor) { server async throws in
            let client = try await connect(server)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask { () async throws in
                        let text = "\(number)"
                        #expect(try await client.call(EchoService.echo, text, timeout: .seconds(60)) == text)
                    }
                }
                try await group.waitForAll()
            }
            await client.close()
        }
    }

    @Test func requestOverTheFrameLimitIsNotSent() async throws {
        try await withServer(EchoService().processor) { server async throws in
            let client = try await connect(server)
            await #expect {
                _ = try await client.call(
                    EchoService.echo, String(repeating: "x", count: 1_048_576), timeout: .seconds(20))
            } throws: { error in
                guard let error = error as? ThriftError else { return false }
                return error.code == .limitExceeded && error.message.contains("nimbus.thrift.max_buffer_size")
            }
            #expect(try await client.call(EchoService.echo, "still", timeout: .seconds(20)) == "still")
        }
    }

    @Test func replyOverTheFrameLimitIsAClearError() async throws {
        try await withServer(EchoService().processor) { server async throws in
            let small = try await connect(server, limits: ThriftLimits(frameBytesMax: 10_000))
            await #expect {
                _ = try await small.call(EchoService.repeated, "x", 20_000, timeout: .seconds(20))
            } throws: { error in
                guard let error = error as? ThriftError else { return false }
                return error.code == .limitExceeded && error.message.contains("nimbus.thrift.max_buffer_size")
            }
        }
    }

    @Test func portsInSeedsAreUnderstood() {
        for (seed, host, port) in [
            ("node1", "node1", 6627), ("node1:7000", "node1", 7000), ("::1", "::1", 6627), ("[::1]:7000", "::1", 7000),
            ("[::1]", "::1", 6627), ("node1:x", "node1:x", 6627),
        ] {
            let address = NimbusClient.seedAddress(seed, 6627)
            #expect(address.host == host && address.port == port)
        }
    }
}

private final class AskedTimes: Sendable {
    private let count = Mutex(0)

    /// 0, 1, ….
    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}
