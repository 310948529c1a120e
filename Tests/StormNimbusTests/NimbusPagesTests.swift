import FoundationEssentials
import StormCluster
import StormCore
import StormRuntime
import StormSubmission
import StormTestSupport
import StormThrift
import Testing

@testable import StormNimbus

@Suite(.serialized) struct NimbusPagesTests {
    let server = InMemoryCoordinationServer()

    private func text(_ page: Page?) -> String { String(decoding: page?.body ?? [], as: UTF8.self) }

    @Test func aNimbusIsReadyOnceThereIsALeader() async throws {
        let running = try await RunningNimbus(server)
        let pages = NimbusPages(running.nimbus)
        try await eventually { running.nimbus.isLeading }
        let ready = await pages.page("/readyz", query: [:])
        #expect(ready?.status == 200 && text(ready) == "ready: leads\n")
        let other = try await RunningNimbus(server)
        let second = await NimbusPages(other.nimbus).page("/readyz", query: [:])
        #expect(text(second) == "ready: \(running.address) leads\n")
        try await other.stop()
        try await running.stop()
        let stopped = await pages.page("/readyz", query: [:])
        #expect(stopped?.status == 503 && text(stopped) == "not ready: starting\n")
    }

    @Test func metricsAreStrictAndTellWhatTheLeaderSaw() async throws {
        let running = try await RunningNimbus(server)
        let own = server.connect()
        var machine = supervisor("n1")
        machine.httpPort = 6630
        _ = try await own.registerEphemeral(ClusterPaths.supervisor("n1"), try RecordCodec.encode(machine))
        try await eventually { running.nimbus.isLeading }
        let program = try running.folder.write("program", to: "program")
        try await TopologySubmitter(nimbus: running.client).submit(
            TopologySubmission(
                name: "wc", executablePath: program, topology: NimbusProcessTests.topology,
                configuration: ["topology.workers": .int(2)], arguments: []))
        let pages = NimbusPages(running.nimbus)
        try await eventually {
            let page = try ExpositionParser.parse(text(await pages.page("/metrics", query: [:])))
            return page.value("storm_topology_workers", ["topology": "wc"]) == 2
        }
        let page = try ExpositionParser.parse(text(await pages.page("/metrics", query: [:])))
        #expect(page.value("storm_nimbus_leader") == 1 && page.value("storm_ready") == 1)
        #expect(page.value("storm_topologies", ["status": "active"]) == 1)
        #expect(page.value("storm_slots") == 2 && page.value("storm_slots_used") == 2)
        #expect(page.value("storm_topology_executors_unassigned", ["topology": "wc"]) == 0)
        #expect(page.value("storm_topology_workers_alive", ["topology": "wc"]) == 0)
        #expect(page.sum("storm_nimbus_thrift_calls_total", ["method": "submitTopologyWithOpts"]) == 1)
        #expect(page.sum("storm_nimbus_round_duration_seconds_count") > 0)
        #expect(page.value("storm_nimbus_leaderships_total") == 1)
        try await running.stop()
        await own.close()
    }

    @Test func callsThatFailAreCountedAndStrangeNamesAreNotKept() async throws {
        let running = try await RunningNimbus(server)
        await #expect(throws: (any Error).self) { try await running.client.getTopologyConf(id: "nobody") }
        let page = try ExpositionParser.parse(
            text(await NimbusPages(running.nimbus).page("/metrics", query: [:])))
        #expect(page.value("storm_nimbus_thrift_errors_total", ["method": "getTopologyConf"]) == 1)
        try await running.stop()
    }

    @Test func discoveryListsEveryPageOfTheCluster() throws {
        var seen = ClusterObservation()
        var machine = supervisor("n1")
        machine.httpPort = 6630
        seen.supervisors = ["n1": machine, "n2": supervisor("n2")]
        seen.storms["wc-1-1"] = Stored(record: base("wc"), storeVersion: 0)
        seen.assignments["wc-1-1"] = Stored(
            record: AssignmentRecord(
                topologyID: "wc-1-1", codeSHA256: "aa",
                workers: [
                    WorkerAssignment(
                        node: "n1", host: "host-n1", port: 6700, executors: [], startedAtMilliseconds: 1,
                        incarnation: 1)
                ]), storeVersion: 0)
        var nimbus = NimbusRecord(host: "n", port: 6627, pid: 1, startedAtMilliseconds: 1, stormVersion: "1")
        nimbus.httpPort = 6629
        let groups = Nimbus.groups([nimbus], ClusterFigures(seen))
        #expect(
            groups == [
                DiscoveryGroup("nimbus", ["n:6629"]), DiscoveryGroup("supervisor", ["host-n1:6630"]),
                DiscoveryGroup("worker", ["host-n1:6700"], topology: "wc"),
            ])
        #expect(groups[2].labels == ["__meta_storm_daemon": "worker", "__meta_storm_topology": "wc"])
    }
}
