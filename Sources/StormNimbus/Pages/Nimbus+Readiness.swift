import StormCluster
package import StormRuntime

extension Nimbus {
    /// How long the store may take to name the leader: well within a page's deadline.
    private static let leaderPatience = Duration.seconds(3)

    /// Ready: it listens, has a session with the coordination store, and there is a leader, itself or another one.
    package func readiness() async -> Readiness {
        let traffic = state.store.traffic
        guard traffic.isConnected else { return .notReady("the ZooKeeper session is \(traffic.state.rawValue)") }
        guard pulse.current.isServing else { return .notReady("starting") }
        if isLeading { return .ready("leads") }
        do {
            guard let leader = try await leader() else { return .notReady("no nimbus leads") }
            return .ready("\(leader) leads")
        } catch {
            return .notReady("ZooKeeper does not name the leader: \(error)")
        }
    }

    private func leader() async throws -> String? {
        try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask { [state] in try await state.store.currentLeader(ClusterPaths.leaderLock) }
            group.addTask {
                try await Task.sleep(for: Self.leaderPatience)
                throw CoordinationError(.unavailable, ClusterPaths.leaderLock, detail: "no answer in time")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
