package import StormCore

/// Which settings a running topology can take with a rebalance. Pure.
package enum TopologySettings {
    /// Keys by which workers and nimbus know the topology, or that fix its tasks; with what to do instead.
    static let fixed: [String: String] = [
        "topology.workers": "give the number of workers itself (-n)",
        "topology.acker.executors": "the number of ackers is fixed; give that of their executors (-e __acker=N)",
        "topology.max.task.parallelism": "the number of tasks is fixed; give executors (-e)",
        "topology.tasks": "the number of tasks is fixed; give executors (-e)",
        "topology.name": "a topology keeps its name",
        "topology.submitter.user": "a topology keeps its owner",
        "topology.submission.mark": "it marks the submission",
        "topology.swift.arguments": "the program's arguments are fixed: submit the topology again",
        "topology.min.replication.count": "the code was replicated when it was submitted",
        "topology.max.replication.wait.time.sec": "the code was replicated when it was submitted",
        "storm.id": "a topology keeps its id",
    ]

    /// - Parameter settings: null takes a key back to what was submitted.
    /// - Returns: the values in their usual form.
    /// - Throws: `LifecycleError` with everything that is wrong.
    package static func check(_ settings: [String: ConfigValue]) throws -> [String: ConfigValue] {
        var accepted: [String: ConfigValue] = [:]
        var faults: [String] = []
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            switch verdict(name, value) {
            case .success(let value): accepted[name] = value
            case .failure(let reason): faults.append("'\(name)' cannot be set: \(reason.text)")
            }
        }
        if !faults.isEmpty { throw LifecycleError(description: faults.joined(separator: "; ")) }
        return accepted
    }

    private struct Reason: Error {
        let text: String

        init(_ text: String) { self.text = text }
    }

    private static func verdict(_ name: String, _ value: ConfigValue) -> Result<ConfigValue, Reason> {
        if let reason = fixed[name] { return .failure(Reason(reason)) }
        if ConfigKeys.isSecret(name) {
            return .failure(Reason("it is a secret, and a znode shows it; use upload-credentials"))
        }
        guard let info = ConfigKeys.byName[name] else {
            guard name.hasPrefix("topology.") else { return .success(value) }
            let near = KeySuggestion.nearest(to: name, among: ConfigKeys.byName.keys)
            return .failure(Reason("there is no such key" + (near.map { "; did you mean '\($0)'?" } ?? "")))
        }
        guard name.hasPrefix("topology.") else { return .failure(Reason("it is a key of the cluster")) }
        if case .withoutMeaning(let reason) = info.standing {
            return .failure(Reason("it has no effect here: \(reason)"))
        }
        if value.isNull { return .success(.null) }
        guard let normal = info.accepted(value) else {
            return .failure(Reason("it is \(value), and must be \(info.expectation)"))
        }
        return .success(normal)
    }
}
