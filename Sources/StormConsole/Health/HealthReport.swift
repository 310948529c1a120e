/// What `storm health` found. With `--json` one object: `healthy`, and in `checks` one object for each process asked.
package struct HealthReport: Encodable, Equatable, Sendable {
    package enum Status: String, Encodable, Sendable {
        case ready
        case notReady = "not_ready"
        /// Nobody answers there.
        case unreachable
    }

    package struct Check: Encodable, Equatable, Sendable {
        /// `nimbus`, `supervisor` or `zookeeper`.
        package var daemon: String
        /// `host:port`
        package var address: String
        package var status: Status
        /// In a few words.
        package var reason: String

        package init(daemon: String, address: String, status: Status, reason: String) {
            self.daemon = daemon
            self.address = address
            self.status = status
            self.reason = reason
        }
    }

    package var checks: [Check]
    /// Whether servers stand for each other: a cluster with one of three away is healthy.
    package var isEnsemble: Bool

    package init(_ checks: [Check], isEnsemble: Bool = false) {
        self.checks = checks
        self.isEnsemble = isEnsemble
    }

    package var isHealthy: Bool {
        let ready = checks.count { $0.status == .ready }
        return isEnsemble ? ready * 2 > checks.count : ready == checks.count && ready > 0
    }

    package var lines: [String] {
        checks.map { check in
            let status =
                switch check.status {
                case .ready: "ready"
                case .notReady: "not ready"
                case .unreachable: "no answer"
                }
            return "\(check.daemon) \(check.address): \(status): \(check.reason)"
        }
    }

    package func json() throws -> String { try JSONOutput.text(self) }

    /// Why the exit status is not 0: 3 when nobody answers, else 1.
    package var failure: CommandFailure? {
        if isHealthy { return nil }
        if checks.allSatisfy({ $0.status == .unreachable }) { return CommandFailure("nobody answers", exitCode: 3) }
        return CommandFailure("not healthy")
    }

    enum CodingKeys: String, CodingKey { case checks, healthy }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(checks, forKey: .checks)
        try container.encode(isHealthy, forKey: .healthy)
    }
}
