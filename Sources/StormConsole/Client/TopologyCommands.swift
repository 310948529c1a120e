import StormCore
package import StormThrift

/// What the client commands do with a nimbus. Texts go to `say`, one line per call, as they become true.
package struct TopologyCommands: Sendable {
    private let nimbus: any NimbusService
    private let painter: Painter
    private let say: @Sendable (String) -> Void

    package init(
        nimbus: any NimbusService, painter: Painter = .plain, say: @escaping @Sendable (String) -> Void
    ) {
        self.nimbus = nimbus
        self.painter = painter
        self.say = say
    }

    package enum ListForm: Sendable { case table, names, json }

    package func list(_ form: ListForm = .table) async throws {
        let summaries: [Thrift.TopologySummary]
        do {
            summaries = try await nimbus.getTopologySummaries()
        } catch {
            throw CommandFailure.nimbus(error)
        }
        switch form {
        case .table: TopologyTable.lines(summaries, painter: painter).forEach(say)
        case .names: summaries.map(\.name).forEach(say)
        case .json: say(try JSONOutput.text(summaries.map(TopologyRow.init)))
        }
    }

    /// Kills topologies in order. All names are checked before the first is killed.
    /// - Parameters:
    ///   - waitSeconds: between the end of the spouts and that of the workers; nil: the topology's own.
    ///   - ignoresErrors: go on with the next name after a failure, and leave out names that are not valid.
    /// - Returns: what was killed and what was not; without `ignoresErrors` nothing follows the first failure.
    /// - Throws: for a name that is not valid; when the nimbus does not lead, and nothing was done yet.
    package func kill(_ names: [String], waitSeconds: Int?, ignoresErrors: Bool) async throws -> KillOutcome {
        var outcome = KillOutcome()
        var valid: [String] = []
        for name in names {
            do throws(CommandFailure) {
                try TopologyName.check(name)
                valid.append(name)
            } catch {
                guard ignoresErrors else { throw error }
                outcome.fail(name, error)
            }
        }
        for name in valid {
            do {
                let id = try await info(name).id
                let options = Thrift.KillOptions(waitSecs: waitSeconds.map { Int32(clamping: $0) })
                try await nimbus.killTopologyWithOpts(name: name, options: options)
                outcome.killed.append(.init(name: name, id: id, status: "KILLED", waitSeconds: waitSeconds))
                say("Killed topology: \(name)")
            } catch let error as ThriftApplicationException where error.isNotLeader && name == valid.first {
                // Nothing was done yet: whoever found this leader finds the next one.
                throw error
            } catch {
                outcome.fail(name, await nimbus.failure(error, topology: name))
                if !ignoresErrors { break }
            }
        }
        return outcome
    }

    /// What nimbus knows of a running topology, without its errors.
    package func info(_ name: String) async throws -> Thrift.TopologyInfo {
        do {
            return try await nimbus.getTopologyInfoByNameWithOpts(
                name: name, options: Thrift.GetInfoOptions(errorChoice: .noErrors))
        } catch {
            throw await nimbus.failure(error, topology: name)
        }
    }

    package func activate(_ name: String) async throws -> TopologyOutcome {
        try await change(name, to: "ACTIVE", "Activated topology: \(name)") { try await nimbus.activate(name: name) }
    }

    package func deactivate(_ name: String) async throws -> TopologyOutcome {
        try await change(name, to: "INACTIVE", "Deactivated topology: \(name)") {
            try await nimbus.deactivate(name: name)
        }
    }

    package func rebalance(_ name: String, _ options: Thrift.RebalanceOptions) async throws -> TopologyOutcome {
        var outcome = try await change(name, to: Self.rebalancing, "Topology \(name) is rebalancing") {
            try await nimbus.rebalance(name: name, options: options)
        }
        outcome.waitSeconds = options.waitSecs.map(Int.init)
        outcome.limited = await limited(options.numExecutors ?? [:], outcome.id)
        return outcome
    }

    /// Of the components that are to have more executors than they have tasks, the tasks; nil: there is none. A nimbus that does
    /// not say how many tasks there are is none to complain about: the rebalance is under way.
    private func limited(_ executors: [String: Int32], _ id: String) async -> [String: Int]? {
        var limited: [String: Int] = [:]
        for (component, count) in executors where count > 1 {
            let page = try? await nimbus.getComponentPageInfo(
                topologyID: id, componentID: component, window: ":all-time", includeSystem: false)
            if let tasks = page?.numTasks, tasks > 0, tasks < count { limited[component] = Int(tasks) }
        }
        return limited.isEmpty ? nil : limited
    }

    private static let rebalancing = "REBALANCING"

    /// - Parameter status: what the topology has afterwards; one that nimbus itself moves about has it when that is over.
    private func change(
        _ name: String, to status: String, _ done: String, _ call: () async throws -> Void
    ) async throws -> TopologyOutcome {
        try TopologyName.check(name)
        let before = try await info(name)
        do {
            try await call()
        } catch let error as ThriftApplicationException where error.isNotLeader {
            throw error
        } catch let error as Thrift.InvalidTopologyException {
            // Storm's exception for what cannot be done to a topology; it says nothing about what was submitted.
            throw CommandFailure("\(name): \(error.msg)")
        } catch {
            throw await nimbus.failure(error, topology: name)
        }
        say(done)
        return TopologyOutcome(
            name: name, id: before.id, status: before.status == Self.rebalancing ? Self.rebalancing : status)
    }
}
