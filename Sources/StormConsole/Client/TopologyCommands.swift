import StormCore
package import StormThrift

/// What the client commands do with a nimbus. Texts go to `say`, one line per call, as they become true.
package struct TopologyCommands: Sendable {
    private let nimbus: any NimbusService
    private let say: @Sendable (String) -> Void

    package init(nimbus: any NimbusService, say: @escaping @Sendable (String) -> Void) {
        self.nimbus = nimbus
        self.say = say
    }

    package enum ListForm: Sendable { case table, names, json }

    package func list(_ form: ListForm = .table) async throws {
        let summaries: [Thrift.TopologySummary]
        do {
            summaries = try await nimbus.getTopologySummaries()
        } catch {
            throw CommandFailure(NimbusErrorText.text(error))
        }
        switch form {
        case .table: TopologyTable.lines(summaries).forEach(say)
        case .names: summaries.map(\.name).forEach(say)
        case .json: say(try JSONOutput.text(summaries.map(TopologyRow.init)))
        }
    }

    /// Kills topologies in order. All names are checked before the first is killed.
    /// - Parameters:
    ///   - waitSeconds: between the end of the spouts and that of the workers; nil: the topology's message timeout.
    ///   - ignoresErrors: go on with the next name after a failure, and leave out names that are not valid.
    /// - Throws: one failure for everything that went wrong.
    package func kill(_ names: [String], waitSeconds: Int?, ignoresErrors: Bool) async throws {
        var failures: [String] = []
        var valid: [String] = []
        for name in names {
            do throws(CommandFailure) {
                try TopologyName.check(name)
                valid.append(name)
            } catch {
                guard ignoresErrors else { throw error }
                failures.append(error.message)
            }
        }
        for name in valid {
            do {
                let options = Thrift.KillOptions(waitSecs: waitSeconds.map { Int32(clamping: $0) })
                try await nimbus.killTopologyWithOpts(name: name, options: options)
                say("Killed topology: \(name)")
            } catch let error as ThriftApplicationException where error.isNotLeader && name == valid.first {
                // Nothing was done yet: whoever found this leader finds the next one.
                throw error
            } catch {
                failures.append("\(name): \(NimbusErrorText.text(error))")
                if !ignoresErrors { break }
            }
        }
        guard failures.isEmpty else {
            throw CommandFailure(
                "Failed to successfully kill \(failures.count) topologies. " + failures.joined(separator: "; "))
        }
    }

    /// What nimbus knows of a running topology, without its errors.
    package func info(_ name: String) async throws -> Thrift.TopologyInfo {
        do {
            return try await nimbus.getTopologyInfoByNameWithOpts(
                name: name, options: Thrift.GetInfoOptions(errorChoice: .noErrors))
        } catch {
            throw CommandFailure("\(name): \(NimbusErrorText.text(error))")
        }
    }

    package func activate(_ name: String) async throws {
        try await change(name, "Activated topology: \(name)") { try await nimbus.activate(name: name) }
    }

    package func deactivate(_ name: String) async throws {
        try await change(name, "Deactivated topology: \(name)") { try await nimbus.deactivate(name: name) }
    }

    /// - Parameters:
    ///   - waitSeconds: most time for trees to finish; nil: the topology's own.
    ///   - workers: nil: as many as now.
    ///   - executors: by component; others stay as they are.
    package func rebalance(_ name: String, waitSeconds: Int?, workers: Int?, executors: [String: Int]) async throws {
        let options = Thrift.RebalanceOptions(
            waitSecs: waitSeconds.map { Int32(clamping: $0) }, numWorkers: workers.map { Int32(clamping: $0) },
            numExecutors: executors.isEmpty ? nil : executors.mapValues { Int32(clamping: $0) })
        try await change(name, "Topology \(name) is rebalancing") {
            try await nimbus.rebalance(name: name, options: options)
        }
    }

    private func change(_ name: String, _ done: String, _ call: () async throws -> Void) async throws {
        try TopologyName.check(name)
        do {
            try await call()
        } catch let error as ThriftApplicationException where error.isNotLeader {
            throw error
        } catch {
            throw CommandFailure("\(name): \(NimbusErrorText.text(error))")
        }
        say(done)
    }
}
