import Glibc
import StormCluster
package import StormCore
import StormRuntime
import StormThrift
package import ZooKeeper

/// `storm doctor`: asks everything that this machine's configuration names. Each question waits `limit` at most.
package struct Doctor: Sendable {
    package struct Sources: Sendable {
        /// Files that were read, and what was strange in them.
        package var files: [String]
        package var searchPath: [String]
        package var warnings: [String]

        package init(files: [String], searchPath: [String], warnings: [String]) {
            self.files = files
            self.searchPath = searchPath
            self.warnings = warnings
        }
    }

    let config: Config
    private let sources: Sources
    private let version: String
    private let connect: @Sendable () async throws -> ZooKeeperClient
    let clock: any TimeSource
    let limit: Duration

    /// - Parameters:
    ///   - version: of this command.
    ///   - connect: opens a session without a chroot.
    package init(
        _ config: Config, sources: Sources, version: String, limit: Duration = .seconds(5),
        clock: any TimeSource = SystemClock(), connect: @escaping @Sendable () async throws -> ZooKeeperClient
    ) {
        self.config = config
        self.sources = sources
        self.version = version
        self.limit = limit
        self.clock = clock
        self.connect = connect
    }

    package func run() async -> DoctorReport {
        async let names = NameCheck.run(hosts, within: limit)
        async let ensemble = ensemble()
        async let session = session()
        async let nimbuses = nimbuses()
        async let slots = slots()
        let folder = config[.stormLocalDir]
        let local = [MachineChecks.disk(folder, MachineChecks.Disk.read(folder)), MachineChecks.openFiles()]
        return DoctorReport(
            [configuration, await names] + (await ensemble) + (await session) + (await nimbuses) + local + [await slots]
        )
    }

    // MARK: Configuration

    private var configuration: Finding {
        let files = sources.files.isEmpty ? "no file; looked for \(sources.searchPath.joined(separator: ", "))" : ""
        let text = files.isEmpty ? sources.files.joined(separator: ", ") : files
        if !sources.warnings.isEmpty {
            return .warn("configuration", sources.warnings.joined(separator: "; "), "see storm config explain KEY")
        }
        return .ok("configuration", text)
    }

    private var hosts: [String] {
        let zookeeper = config.zookeeperAddresses.map { Self.split($0, defaultPort: 0).host }
        let nimbus = config[.nimbusSeeds].map { Self.split($0, defaultPort: 0).host }
        return zookeeper + nimbus + (config[.stormLocalHostname].map { [$0] } ?? [])
    }

    /// `host:port` or `[v6]:port`; a text without a port gets the default.
    static func split(_ address: String, defaultPort: Int) -> (host: String, port: Int) {
        guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]),
            address.hasPrefix("[") || address.count(where: { $0 == ":" }) == 1
        else { return (bare(address), defaultPort) }
        return (bare(String(address[..<colon])), port)
    }

    private static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    // MARK: ZooKeeper

    private func ensemble() async -> [Finding] {
        let addresses = config.zookeeperAddresses
        let limit = limit
        // Nothing in there throws.
        let answers = try? await Concurrently.map(addresses) { await Self.words($0, within: limit) }
        return EnsembleCheck.findings(Array(zip(addresses, answers ?? [])))
    }

    private static func words(_ address: String, within limit: Duration) async -> ServerAnswer {
        let (host, port) = split(address, defaultPort: 2181)
        do {
            let text = try await FourLetterWord.ask("srvr", host: host, port: port, within: limit)
            return ServerWords(text).map { .words($0) } ?? .silent
        } catch {
            return .unreachable("\(error)")
        }
    }

    /// A session, the root, and the clock, which only a write tells: an ephemeral znode that goes at once.
    private func session() async -> [Finding] {
        let root = config[.stormZookeeperRoot]
        let client: ZooKeeperClient
        do {
            client = try await connect()
        } catch {
            return [
                .fail(
                    "zookeeper session", "\(error)",
                    "see the servers above; storm.zookeeper.servers and storm.zookeeper.port say where they are")
            ]
        }
        var findings: [Finding] = []
        do {
            if try await client.exists(root) == nil {
                findings.append(
                    .warn(
                        "zookeeper root", "\(root) is not there", "the first daemon makes it; see storm.zookeeper.root")
                )
            } else {
                findings.append(.ok("zookeeper root", "\(root) is there"))
                findings.append(try await clockFinding(client, root))
                findings += SlotClash.findings(try await supervisors(client, root))
            }
        } catch {
            findings.append(.fail("zookeeper session", "\(error)", "see ZooKeeper's own log"))
        }
        await client.close()
        return findings
    }

    /// Those that are up and can be read; the first 256, so that a question of each stays short.
    private func supervisors(_ client: ZooKeeperClient, _ root: String) async throws -> [SupervisorRecord] {
        let folder = root == "/" ? ClusterPaths.supervisors : root + ClusterPaths.supervisors
        var records: [SupervisorRecord] = []
        do {
            for id in try await client.children(folder).names.sorted().prefix(256) {
                let path = ZNodePath.join(folder, id)
                // What is gone or of a newer version clashes with nothing that can be told here.
                guard let node = try? await client.get(path),
                    let record = try? RecordCodec.decode(SupervisorRecord.self, node.data, path: path)
                else { continue }
                records.append(record)
            }
        } catch let error as ZooKeeperError where error.code == .noNode {
            // No supervisor has ever been here.
        }
        return records
    }

    private func clockFinding(_ client: ZooKeeperClient, _ root: String) async throws -> Finding {
        let before = clock.epochMilliseconds()
        let made = try await client.create(ZNodePath.join(root, "doctor-"), mode: .ephemeralSequential)
        let after = clock.epochMilliseconds()
        try await client.delete(made.path)
        return ClockCheck.finding("ZooKeeper", theirs: made.stat.createdMilliseconds, before: before, after: after)
    }

    // MARK: Daemons

    private func nimbuses() async -> [Finding] {
        let seeds = config[.nimbusSeeds].map { Self.split($0, defaultPort: config[.nimbusThriftPort]) }
        let limit = limit
        // Nothing in there throws.
        let answers = try? await Concurrently.map(seeds) {
            await NimbusCheck.ask(host: $0.host, port: $0.port, within: limit)
        }
        var findings = NimbusCheck.seeds(zip(seeds, answers ?? []).map { ("\($0.host):\($0.port)", $1) })
        guard findings.contains(where: { $0.verdict == .ok }) else { return findings }
        do {
            var settings = NimbusClient.Configuration()
            settings.callTimeout = limit
            let client = try await NimbusClient.leader(
                seeds: config[.nimbusSeeds], port: config[.nimbusThriftPort], configuration: settings)
            do {
                findings += NimbusCheck.cluster(try await client.getClusterInfo(), ours: version)
                findings += await workerClocks(client)
                await client.close()
            } catch {
                await client.close()
                throw error
            }
        } catch {
            findings.append(.fail("nimbus leader", NimbusErrorText.text(error), "see its log"))
        }
        return findings
    }

    /// One worker of each machine tells its clock.
    private func workerClocks(_ nimbus: NimbusClient) async -> [Finding] {
        var findings: [String: Finding] = [:]
        do {
            for topology in try await nimbus.getTopologySummaries().prefix(8) {
                let before = clock.epochMilliseconds()
                let surveyor = Surveyor(nimbus: nimbus, limit: limit, isPatient: false)
                let survey = try await surveyor.survey(topology.name, "/figures", as: WorkerFigures.self)
                let after = clock.epochMilliseconds()
                for worker in survey.workers where findings.count < 32 {
                    findings[worker.place.host] = ClockCheck.finding(
                        worker.place.host, theirs: worker.answer.timeMilliseconds, before: before, after: after)
                }
                for gone in survey.missing {
                    findings["worker \(gone.place)"] = .warn(
                        "worker \(gone.place)", gone.reason, "see storm explain \(topology.name)")
                }
            }
        } catch {
            // A topology ended meanwhile: what was seen so far is shown.
        }
        return findings.sorted { $0.key < $1.key }.map(\.value)
    }

    // MARK: This machine

    private func slots() async -> Finding {
        let ports = config[.supervisorSlotsPorts]
        var uses: [(port: Int, use: MachineChecks.PortUse)] = []
        for port in ports.prefix(256) { uses.append((port, await use(of: port))) }
        return MachineChecks.slots(uses)
    }

    private func use(of port: Int) async -> MachineChecks.PortUse {
        if MachineChecks.isFree(port) { return .free }
        let place = WorkerPlace(host: config[.stormLocalHostname] ?? "127.0.0.1", port: port)
        do {
            let answer = try await PageClient.get("/livez", from: place, within: min(limit, .seconds(2)))
            return LiveAnswer(answer).map { .worker($0.topologyID) } ?? .stranger("answers HTTP, and is no worker")
        } catch {
            return .stranger("\(error)")
        }
    }
}
