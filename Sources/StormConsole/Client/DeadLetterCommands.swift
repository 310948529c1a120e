import FoundationEssentials
package import StormCluster
import StormCore

/// What `storm dlq` does with the dead letters in the coordination store. Texts go to `say`, one line per call.
package struct DeadLetterCommands: Sendable {
    private let state: ClusterState
    private let nowMilliseconds: Int64
    private let say: @Sendable (String) -> Void

    /// - Parameter nowMilliseconds: epoch time of the command.
    package init(state: ClusterState, nowMilliseconds: Int64, say: @escaping @Sendable (String) -> Void) {
        self.state = state
        self.nowMilliseconds = nowMilliseconds
        self.say = say
    }

    private typealias Letter = DeadLetterTable.Letter

    // MARK: Look

    /// The letters of one topology, or how many each topology has.
    package func list(_ topology: String?, json: Bool) async throws {
        try await reading {
            guard let topology else { return try await overview(json: json) }
            let letters = try await letters(try await id(of: topology))
            if json {
                say(DeadLetterTable.json(.list(try letters.map(DeadLetterTable.json))))
            } else if letters.isEmpty {
                say("No dead letters.")
            } else {
                for line in DeadLetterTable.lines(letters) { say(line) }
            }
        }
    }

    private func overview(json: Bool) async throws {
        var counts: [String: Int] = [:]
        for id in try await state.deadLetters.topologies() {
            counts[id] = try await state.deadLetters.letters(id).ids().count
        }
        if json { return say(DeadLetterTable.json(.map(counts.mapValues { .int($0) }))) }
        guard !counts.isEmpty else { return say("No dead letters.") }
        let running = try await Set(state.storms.ids())
        for (id, count) in counts.sorted(by: { $0.key < $1.key }) {
            say("\(id)  \(count)" + (running.contains(id) ? "" : "  (was killed)"))
        }
    }

    /// In JSON one object, or for several ids an array of them.
    package func show(_ topology: String, _ ids: [String], json: Bool) async throws {
        try await reading {
            let letters = try await chosen(ids, try await id(of: topology))
            if json {
                let documents = try letters.map(DeadLetterTable.json)
                say(DeadLetterTable.json(documents.count == 1 ? documents[0] : .list(documents)))
            } else {
                for line in letters.flatMap(DeadLetterTable.details) { say(line) }
            }
        }
    }

    // MARK: Change

    /// What was asked for: `storm dlq replay --json`.
    package struct Replaying: Encodable, Equatable, Sendable {
        package var topologyID: String
        package var replaying: [String]
        /// False: they wait until the topology is active.
        package var active: Bool

        private enum CodingKeys: String, CodingKey {
            case replaying, active
            case topologyID = "topology_id"
        }
    }

    /// What is gone: `storm dlq drop --json`.
    package struct Dropped: Encodable, Equatable, Sendable {
        package var topologyID: String
        package var dropped: [String]

        private enum CodingKeys: String, CodingKey {
            case dropped
            case topologyID = "topology_id"
        }
    }

    /// Asks the topology to emit letters again. It must be running.
    /// - Parameter ids: nil: all.
    package func replay(_ topology: String, _ ids: [String]?, json: Bool = false) async throws {
        try await reading {
            let topologyID = try await id(of: topology)
            guard let base = try await state.storms.get(topologyID)?.record, base.status != .killed else {
                throw CommandFailure("\(topology) is not running; its dead letters can only be shown and dropped")
            }
            let letters = try await chosen(ids, topologyID)
            for letter in letters {
                try await state.deadLetters.requestReplay(letter.id, letter.record, now: nowMilliseconds)
                if ids != nil, !json { say("Replaying: \(letter.id)") }
            }
            if json {
                let done = Replaying(
                    topologyID: topologyID, replaying: letters.map(\.id), active: base.status != .inactive)
                return say(try JSONOutput.text(done))
            }
            if ids == nil { say("Replaying: \(letters.count) dead letters") }
            if base.status == .inactive, !letters.isEmpty {
                say("The topology is not active: they wait until it is.")
            }
        }
    }

    /// Deletes letters for good.
    /// - Parameter ids: nil: all.
    package func drop(_ topology: String, _ ids: [String]?, json: Bool = false) async throws {
        try await reading {
            let topologyID = try await id(of: topology)
            let letters = try await chosen(ids, topologyID)
            for letter in letters {
                try await state.deadLetters.remove(letter.id, topologyID: topologyID)
                if ids != nil, !json { say("Dropped: \(letter.id)") }
            }
            if json { return say(try JSONOutput.text(Dropped(topologyID: topologyID, dropped: letters.map(\.id)))) }
            if ids == nil { say("Dropped: \(letters.count) dead letters") }
        }
    }

    // MARK: Find

    /// The id of a running topology of this name, or of the newest one with letters that has this name, or is this id.
    private func id(of topology: String) async throws -> String {
        let bases = try await state.storms.readable().records
        if let running = bases.first(where: { $0.value.record.name == topology || $0.key == topology }) {
            return running.key
        }
        let known = try await state.deadLetters.topologies()
        if known.contains(topology) { return topology }
        guard let newest = TopologyIDText.newest(named: topology, among: known) else {
            let names = bases.values.map(\.record.name) + known.compactMap { TopologyIDText.parts($0)?.name }
            throw CommandFailure(
                "there is no topology \"\(topology)\" and no dead letter of one; "
                    + UnknownTopology.hint(topology, among: names) + "storm dlq list shows which have some")
        }
        return newest
    }

    private func letters(_ topologyID: String) async throws -> [Letter] {
        var found: [Letter] = []
        for id in try await state.deadLetters.letters(topologyID).ids() {
            if let record = try await state.deadLetters.letters(topologyID).get(id)?.record {
                let replay = try await state.deadLetters.replays(topologyID).get(id)?.record
                found.append(Letter(id: id, record: record, replay: replay))
            }
        }
        return found.sorted { ($0.record.timeMilliseconds, $0.id) < ($1.record.timeMilliseconds, $1.id) }
    }

    private func letter(_ id: String, _ topologyID: String) async throws -> Letter {
        guard let record = try await state.deadLetters.letters(topologyID).get(id)?.record else {
            throw CommandFailure("\(topologyID) has no dead letter \"\(id)\"; storm dlq list shows all")
        }
        let replay = try await state.deadLetters.replays(topologyID).get(id)?.record
        return Letter(id: id, record: record, replay: replay)
    }

    /// All names are checked before anything is done.
    private func chosen(_ ids: [String]?, _ topologyID: String) async throws -> [Letter] {
        guard let ids else { return try await letters(topologyID) }
        var found: [Letter] = []
        for id in ids { found.append(try await letter(id, topologyID)) }
        return found
    }

    private func reading(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as CoordinationError {
            throw CommandFailure("ZooKeeper: \(error)", error.isRetriable ? .unreachable : .notDone)
        } catch let error as ClusterRecordError {
            throw CommandFailure("\(error)")
        }
    }
}
