package import StormCluster
import StormCore
package import StormLogs

/// `storm logs`: the lines of all workers of a topology, from all machines, merged by time. Lines go to `say`, what is
/// missing to `warn`.
package struct LogsCommands: Sendable {
    package struct Query: Sendable {
        /// Name or id.
        package var topology: String
        package var filter = LogFilter()
        /// Nil: all.
        package var newest: Int?
        package var follows = false
        package var isJSON = false
        /// When the command was given, epoch milliseconds.
        package var nowMilliseconds: Int64 = 0

        package init(topology: String) { self.topology = topology }
    }

    /// Lines that `-n` can ask for: they are held in memory.
    package static let newestMax = 100_000
    /// Between this machine's clock and the others', at most, about.
    private static let clockDifferenceMilliseconds: Int64 = 10_000
    private static let pollInterval = Duration.milliseconds(500)
    /// Polls between two looks at which machines there are.
    private static let pollsPerLook = 10

    private let state: ClusterState
    private let logviewerPort: Int
    private let client: LogPageClient
    private let say: @Sendable (String) -> Void
    private let warn: @Sendable (String) -> Void

    package init(
        state: ClusterState, logviewerPort: Int, say: @escaping @Sendable (String) -> Void,
        warn: @escaping @Sendable (String) -> Void,
        ask: @escaping WorkerRound.Ask = WorkerRound.overHTTP
    ) {
        self.state = state
        self.logviewerPort = logviewerPort
        self.say = say
        self.warn = warn
        client = LogPageClient(ask: ask)
    }

    /// - Returns: why the exit status is not 0: 3 when a machine did not answer.
    /// - Throws: `CommandFailure`: no such topology, or no such component of one that runs.
    package func run(_ query: Query) async throws -> CommandFailure? {
        let assigned = try await running(query.topology)
        if let assigned { try await check(query.filter.component, of: assigned.id) }
        let machines = try await machines(assigned)
        let id = try await topologyID(query.topology, assigned, machines)
        var collector = LogCollector(client, filter: query.filter, follows: query.follows)
        var told: [WorkerPlace: String] = [:]
        let (chains, missing) = await chains(id, machines)
        if let newest = query.newest {
            for line in await collector.newest(newest, chains) { try tell(line, query) }
            collector.laterSinceMilliseconds = query.nowMilliseconds - Self.clockDifferenceMilliseconds
        } else {
            try await collector.read(chains) { try tell($0, query) }
        }
        let gaps = missing.merging(collector.gaps) { first, _ in first }
        if query.follows {
            tellGaps(gaps, &told)
            try await follow(id, query, &collector, &told, machines)
        }
        if chains.isEmpty, gaps.isEmpty { warn("storm: logs: there are no log files of \(id) yet") }
        guard !gaps.isEmpty else { return nil }
        let reasons = gaps.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; ")
        return CommandFailure("the logs of \(query.topology) are not complete: \(reasons)", exitCode: 3)
    }

    private func tell(_ line: LogLine, _ query: Query) throws {
        say(query.isJSON ? try line.json() : line.text)
    }

    private func tellGaps(_ gaps: [WorkerPlace: String], _ told: inout [WorkerPlace: String]) {
        for (place, reason) in gaps.sorted(by: { $0.key < $1.key }) where told[place] != reason {
            told[place] = reason
            warn("storm: logs: \(place): \(reason)")
        }
    }

    // MARK: Following

    private func follow(
        _ id: String, _ query: Query, _ collector: inout LogCollector, _ told: inout [WorkerPlace: String],
        _ first: LogMachines
    ) async throws {
        var machines = first
        var polls = 0
        while true {
            try await Task.sleep(for: Self.pollInterval)
            polls += 1
            if polls % Self.pollsPerLook == 0 {
                do {
                    machines = try await self.machines(try await running(query.topology))
                } catch {
                    // The machines that are known are asked further on.
                    warn("storm: logs: \(error)")
                }
            }
            let (chains, silent) = await chains(id, machines)
            try await collector.read(chains) { try tell($0, query) }
            // A machine that answers again is told about when it falls silent again.
            told = told.filter { silent[$0.key] != nil || collector.gaps[$0.key] == $0.value }
            tellGaps(silent, &told)
            tellGaps(collector.gaps, &told)
        }
    }

    // MARK: Finding

    /// The running topology of this name or id.
    private func running(_ topology: String) async throws -> (id: String, assignment: AssignmentRecord?)? {
        try await reading {
            guard
                let id = try await state.storms.readable().records.first(where: {
                    $0.value.record.name == topology || $0.key == topology
                })?.key
            else { return nil }
            return (id, try await state.assignments.get(id)?.record)
        }
    }

    /// Nobody waits for lines of a component that was mistyped. The system's own are not among those of the record.
    private func check(_ component: String?, of id: String) async throws {
        guard let component, !component.hasPrefix("__"),
            let base = try await reading({ try await state.storms.get(id)?.record }),
            base.componentTasks[component] == nil
        else { return }
        let known = base.componentTasks.keys.filter { !$0.hasPrefix("__") }.sorted()
        guard !known.isEmpty else { return }
        throw CommandFailure(
            "\(base.name): there is no component \(component); there are \(known.joined(separator: ", "))")
    }

    private func machines(_ running: (id: String, assignment: AssignmentRecord?)?) async throws -> LogMachines {
        try await reading {
            LogMachines(
                supervisors: try await state.supervisors.readable().records.values.map(\.record),
                assignment: running?.assignment, logviewerPort: logviewerPort)
        }
    }

    /// A topology that runs, else the newest one of this name that has log files somewhere.
    private func topologyID(
        _ topology: String, _ running: (id: String, assignment: AssignmentRecord?)?, _ machines: LogMachines
    ) async throws -> String {
        if let running { return running.id }
        let answers = await ask(machines) { client, place throws(PageClient.Failure) in
            try await client.topologies(place).topologies.map(\.topologyID)
        }
        let ids = Set(answers.flatMap { $0.answer ?? [] })
        if ids.contains(topology) { return topology }
        if let newest = TopologyIDText.newest(named: topology, among: ids) { return newest }
        let silent = answers.compactMap { answer in answer.failure.map { "\(answer.place): \($0)" } }
        guard silent.isEmpty else {
            throw CommandFailure(
                "\(topology) does not run, and not all machines say whether they have logs of it: "
                    + silent.joined(separator: "; "), exitCode: 3)
        }
        let alive = try await reading { try await state.storms.readable().records.values.map(\.record.name) }
        let names = alive + ids.compactMap { TopologyIDText.parts($0)?.name }
        throw CommandFailure(
            "there is no topology \"\(topology)\" and no log file of one; "
                + UnknownTopology.hint(topology, among: names) + "storm list shows those that run")
    }

    private func chains(
        _ id: String, _ machines: LogMachines
    ) async -> (chains: [LogChain], silent: [WorkerPlace: String]) {
        let answers = await ask(machines) { client, place throws(PageClient.Failure) in
            LogChain.chains(try await client.listing(id, place), from: place)
        }
        var silent: [WorkerPlace: String] = [:]
        for answer in answers { silent[answer.place] = answer.failure }
        return (LogChain.distinct(answers.flatMap { $0.answer ?? [] }), silent)
    }

    private struct MachineAnswer<Answer: Sendable>: Sendable {
        var place: WorkerPlace
        var answer: Answer?
        var failure: String?
    }

    private func ask<Answer: Sendable>(
        _ machines: LogMachines,
        _ question: @escaping @Sendable (LogPageClient, WorkerPlace) async throws(PageClient.Failure) -> Answer
    ) async -> [MachineAnswer<Answer>] {
        let client = client
        return await Bounded.map(machines.places, atOnce: 16) { place in
            do throws(PageClient.Failure) {
                return MachineAnswer(place: place, answer: try await question(client, place))
            } catch {
                return MachineAnswer(place: place, failure: error.description)
            }
        }
    }

    private func reading<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch let error as CoordinationError {
            throw CommandFailure("ZooKeeper: \(error)", exitCode: 3)
        } catch let error as ClusterRecordError {
            throw CommandFailure("\(error)")
        }
    }
}
