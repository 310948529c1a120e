package import StormThrift

/// What the nimbuses answer, judged. Pure but for `ask`.
package enum NimbusCheck {
    /// What one seed said.
    package enum SeedAnswer: Hashable, Sendable {
        case unreachable(String)
        /// `host:port` of the leader; nil: it knows none.
        case leader(String?)
    }

    package static func seeds(_ answers: [(address: String, answer: SeedAnswer)]) -> [Finding] {
        let leaders = Set(
            answers.compactMap { entry -> String? in
                if case .leader(let leader) = entry.answer { leader } else { nil }
            })
        let isLed = !leaders.isEmpty
        var findings = answers.map { address, answer in
            let check = "nimbus \(address)"
            switch answer {
            case .leader(let leader?): return Finding.ok(check, "answers; \(leader) leads")
            case .leader(nil):
                return .warn(check, "answers, and knows no leader", "a nimbus without a topology's code may not lead")
            case .unreachable(let reason):
                let advice = "start it (storm nimbus), or correct nimbus.seeds and nimbus.thrift.port"
                return isLed ? .warn(check, reason, advice) : .fail(check, reason, advice)
            }
        }
        if leaders.count > 1 {
            findings.append(
                .warn(
                    "nimbus leader", "they name \(leaders.sorted().joined(separator: " and "))",
                    "seen during an election; otherwise they use different ZooKeepers or roots"))
        } else if !isLed {
            findings.append(
                .fail(
                    "nimbus leader", "there is none",
                    "start a nimbus that has the code of all topologies and wait for it"))
        }
        return findings
    }

    /// - Parameter ours: the version of this command.
    package static func cluster(_ summary: Thrift.ClusterSummary, ours: String) -> [Finding] {
        let nimbuses = summary.nimbuses.map { ("nimbus \($0.host):\($0.port)", $0.version) }
        let supervisors = summary.supervisors.map { ("supervisor \($0.host)", $0.version ?? "unknown") }
        let others = (nimbuses + supervisors).filter { $0.1 != ours }.map { "\($0.0) has \($0.1)" }
        let versions =
            others.isEmpty
            ? Finding.ok("versions", "all daemons have \(ours)")
            : Finding.warn(
                "versions", "this command has \(ours), \(others.prefix(8).joined(separator: ", "))",
                "use the same version everywhere")
        return [supervisorFinding(summary), versions]
    }

    private static func supervisorFinding(_ summary: Thrift.ClusterSummary) -> Finding {
        let slots = summary.supervisors.reduce(0) { $0 + Int($1.numWorkers) }
        let used = summary.supervisors.reduce(0) { $0 + Int($1.numUsedWorkers) }
        let text = "\(summary.supervisors.count) up, \(slots) slots, \(slots - used) free"
        if summary.supervisors.isEmpty {
            return .fail("supervisors", text, "start one (storm supervisor): nothing can run")
        }
        if slots <= used {
            return .warn(
                "supervisors", text, "a new topology will wait: add supervisors or ports (supervisor.slots.ports)")
        }
        return .ok("supervisors", text)
    }

    // MARK: Asking

    /// - Returns: what one seed says of the leader.
    static func ask(host: String, port: Int, within limit: Duration) async -> SeedAnswer {
        var settings = NimbusClient.Configuration()
        settings.connectTimeout = limit
        settings.callTimeout = limit
        do {
            let client = try await NimbusClient.connect(host: host, port: port, configuration: settings)
            do {
                let leader = try await client.getLeader()
                await client.close()
                return .leader(leader.map { "\($0.host):\($0.port)" })
            } catch {
                await client.close()
                return .unreachable("accepts connections and does not answer: \(NimbusErrorText.text(error))")
            }
        } catch {
            return .unreachable(NimbusErrorText.text(error))
        }
    }
}
