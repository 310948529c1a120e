/// What `jar`, `kill`, `activate`, `deactivate` and `rebalance` did to a topology: their `--json`.
///
///     {"id": "wc-1-1700000000", "name": "wc", "status": "ACTIVE", "waited_ms": 812}
///
/// `status` is that of the moment after the call, or after the wait; `GONE` when the topology is not there any more.
/// `wait_secs` is there when `-w` was given, `waited_ms` with `--wait`; `limited` when a component was to have more executors
/// than it has tasks.
package struct TopologyOutcome: Encodable, Equatable, Sendable {
    package static let gone = "GONE"

    package var name: String
    package var id: String
    package var status: String
    package var waitSeconds: Int?
    package var waitedMilliseconds: Int?
    /// Executors that components get instead of the greater number that was asked for: as many as they have tasks.
    package var limited: [String: Int]?

    private enum CodingKeys: String, CodingKey {
        case name, id, status, limited
        case waitSeconds = "wait_secs"
        case waitedMilliseconds = "waited_ms"
    }

    package init(name: String, id: String, status: String, waitSeconds: Int? = nil) {
        self.name = name
        self.id = id
        self.status = status
        self.waitSeconds = waitSeconds
    }

    /// With the end of a wait.
    package func waited(_ end: TopologyWait.End) -> TopologyOutcome {
        var result = self
        result.status = end.status
        let (seconds, attoseconds) = end.duration.components
        result.waitedMilliseconds = Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        return result
    }
}

/// What `kill` did: its `--json`. Topologies in the order of the command line.
package struct KillOutcome: Encodable, Equatable, Sendable {
    package struct Failed: Encodable, Equatable, Sendable {
        package var name: String
        package var reason: String
    }

    package var killed: [TopologyOutcome] = []
    package var failed: [Failed] = []
    /// Of the failures: nimbus was not reached.
    private var exit = CommandExit.notDone

    private enum CodingKeys: String, CodingKey { case killed, failed }

    package init() {}

    mutating func fail(_ name: String, _ failure: CommandFailure) {
        failed.append(Failed(name: name, reason: failure.message))
        if failure.exitCode == CommandExit.unreachable.rawValue { exit = .unreachable }
    }

    /// One failure for everything that went wrong; the beginning is Storm's.
    package var failure: CommandFailure? {
        guard !failed.isEmpty else { return nil }
        return CommandFailure(
            "Failed to successfully kill \(failed.count) topologies. "
                + failed.map(\.reason).joined(separator: "; "), exit)
    }
}
