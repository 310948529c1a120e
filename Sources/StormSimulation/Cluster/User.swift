import StormCore
import StormSubmission
import StormThrift
import StormTopology

/// Who submits topologies, changes them and kills them, and tries again until it works. No fault happens to it.
struct User: Sendable {
    let cluster: SimulatedCluster
    let process: SimulatedProcess
    /// How often a topology was killed and submitted again.
    let kills = Confined(0)
    private var world: World { cluster.world }

    init(_ cluster: SimulatedCluster) {
        self.cluster = cluster
        process = cluster.world.makeProcess("user", machine: World.outside)
    }

    private static let program = Array("#!/bin/sh\nexit 1\n".utf8)

    /// - Returns: when the topology is alive.
    func submit(_ topology: SimulatedTopology) async {
        while true {
            do {
                if try await isAlive(topology.name) { return world.note("user: \(topology.name) is submitted") }
                try await submitOnce(topology)
            } catch {
                world.note("user: submit \(topology.name): \(error)")
                await pause()
            }
        }
    }

    private func isAlive(_ name: String) async throws -> Bool {
        let leader = try await cluster.findLeader()
        return try await !cluster.call(leader) { try await $0.isTopologyNameAllowed(name: name) }
    }

    private func submitOnce(_ topology: SimulatedTopology) async throws {
        let thrift = try TopologyConversion.thrift(topology.build().description)
        let json = try ConfJSON.text(topology.settings)
        let leader = try await cluster.findLeader()
        LeaderFault.userActs(cluster)
        let location = try await cluster.call(leader) { try await $0.beginFileUpload() }
        try await cluster.call(leader) { try await $0.uploadChunk(location: location, chunk: Self.program) }
        try await cluster.call(leader) { try await $0.finishFileUpload(location: location) }
        world.note("user: submits \(topology.name) to \(leader)")
        try await cluster.call(leader) {
            try await $0.submitTopologyWithOpts(
                name: topology.name, location: location, jsonConf: json, topology: thrift,
                options: Thrift.SubmitOptions(initialStatus: .active))
        }
    }

    /// One attempt at something that need not work.
    func tryOnce(_ what: String, _ body: @escaping @Sendable (any NimbusService) async throws -> Void) async -> Bool {
        do {
            let leader = try await cluster.findLeader()
            LeaderFault.userActs(cluster)
            world.note("user: \(what)")
            try await cluster.call(leader, body)
            return true
        } catch {
            world.note("user: \(what): \(error)")
            return false
        }
    }

    /// Random changes of a topology, as long as it is wanted.
    func play(_ topology: SimulatedTopology, until isOver: @escaping @Sendable () -> Bool) async {
        let name = topology.name
        while !isOver() {
            await pause(milliseconds: 1000...15_000)
            guard !isOver() else { return }
            // Forgotten with everything else.
            if cluster.state.it.wipe != nil { await submit(topology) }
            switch world.random(0..<6) {
            case 0:
                let workers = Int32(world.random(1..<4))
                let executors = ["relay": Int32(world.random(1..<4)), "note": Int32(world.random(1..<3))]
                let wait = Int32(world.random(0..<4))
                _ = await tryOnce("rebalance \(name) \(workers)") {
                    try await $0.rebalance(
                        name: name,
                        options: Thrift.RebalanceOptions(
                            waitSecs: wait, numWorkers: workers, numExecutors: executors))
                }
            case 1: _ = await tryOnce("deactivate \(name)") { try await $0.deactivate(name: name) }
            case 2: await replace(topology)
            default: _ = await tryOnce("activate \(name)") { try await $0.activate(name: name) }
            }
        }
    }

    /// Kills a topology, after a wait, and submits it again when it is gone.
    private func replace(_ topology: SimulatedTopology) async {
        kills.it += 1
        await kill(topology, waitSeconds: Int32(world.random(0..<12)))
        world.note("user: \(topology.name) is killed")
        await submit(topology)
    }

    /// - Returns: when the topology is alive and active.
    func revive(_ topology: SimulatedTopology) async {
        // What a nimbus still works on although nobody waits for its answer any more, a kill among others, ends first.
        await pause(milliseconds: 10_000...12_000)
        while true {
            // A store that was wiped has forgotten it.
            await submit(topology)
            if await tryOnce("activate \(topology.name)", { try await $0.activate(name: topology.name) }) { return }
            await pause()
        }
    }

    /// - Returns: when nimbus does not know the topology any more.
    func kill(_ topology: SimulatedTopology, waitSeconds: Int32 = 1) async {
        while true {
            do {
                if try await !isAlive(topology.name) { return }
            } catch {
                // Asked again below.
            }
            let isKilled = await tryOnce("kill \(topology.name), wait \(waitSeconds)") {
                try await $0.killTopologyWithOpts(
                    name: topology.name, options: Thrift.KillOptions(waitSecs: waitSeconds))
            }
            // Another kill would begin the wait anew.
            let wait = isKilled ? 2000 + Int64(waitSeconds) * 1000 : 3000
            await pause(milliseconds: wait...wait + 1000)
        }
    }

    private func pause(milliseconds range: ClosedRange<Int64> = 200...1500) async {
        // Nobody cancels the user.
        try? await Task.sleep(for: .milliseconds(world.random(range)))
    }
}
