import StormCluster
import StormCore
import Testing

@testable import StormUI

/// From what a worker reported to the numbers a client reads, by the names and forms of Storm's interface.
@Suite struct RestBodiesTests {
    private static let topologyNames = """
        id encodedId name owner status uptime uptimeSeconds tasksTotal workersTotal executorsTotal replicationCount
        schedulerInfo requestedMemOnHeap requestedMemOffHeap requestedTotalMem requestedCpu requestedGenericResources
        assignedMemOnHeap assignedMemOffHeap assignedTotalMem assignedCpu assignedGenericResources topologyVersion
        stormVersion
        """
    private static let supervisorNames = """
        id host uptime uptimeSeconds blacklisted slotsTotal slotsUsed slotsFree totalMem totalCpu usedMem usedCpu availMem
        availCpu totalGenericResources usedGenericResources availGenericResources version logLink
        """
    private static let workerNames = """
        supervisorId host port topologyId topologyName executorsTotal assignedMemOnHeap assignedMemOffHeap assignedCpu
        componentNumTasks uptime uptimeSeconds workerLogLink owner
        """
    private static let errorNames = "lastError errorHost errorPort errorTime errorLapsedSecs errorWorkerLogLink"

    @Test func theClusterIsSummedUp() async throws {
        let (status, body) = try await SmallCluster().get("cluster/summary")
        #expect(status == 200)
        #expect(
            body.names
                == words(
                    """
                    user stormVersion stormVersionInfo supervisors topologies slotsTotal slotsUsed slotsFree executorsTotal
                    tasksTotal totalMem availMem totalCpu availCpu fragmentedMem fragmentedCpu memAssignedPercentUtil
                    cpuAssignedPercentUtil totalGenerics availGenerics schedulerDisplayResource bugtracker-url
                    central-log-url
                    """))
        #expect(body["supervisors"] == 1 && body["topologies"] == 1 && body["stormVersion"] == "1.2.3")
        #expect(body["slotsTotal"] == 2 && body["slotsUsed"] == 1 && body["slotsFree"] == 1)
        #expect(body["executorsTotal"] == 4 && body["tasksTotal"] == 4)
        #expect(body["memAssignedPercentUtil"] == "0.000")
    }

    @Test func topologiesAndSupervisorsAreListed() async throws {
        let cluster = try await SmallCluster()
        let topologies = try await cluster.get("topology/summary").body
        #expect(topologies.names == ["topologies", "schedulerDisplayResource"])
        let topology = topologies["topologies"][0]
        #expect(topology.names == words(Self.topologyNames))
        #expect(topology["name"] == "wc" && topology["status"] == "ACTIVE" && topology["uptime"] == "1m 40s")
        let supervisors = try await cluster.get("supervisor/summary").body
        #expect(supervisors["supervisors"][0].names == words(Self.supervisorNames))
        #expect(supervisors["supervisors"][0]["host"] == "node1" && supervisors["logviewerPort"] == 8000)
        let page = try await cluster.get("supervisor", ["host": "node1"]).body
        #expect(page["workers"].count == 1 && page["workers"][0].names == words(Self.workerNames))
        #expect(page["workers"][0]["componentNumTasks"] == ["__acker": 1, "lines": 1, "split": 2])
        #expect(try await cluster.get("supervisor", ["id": "other"]).body["supervisors"].count == 0)
    }

    @Test func aTopologysPageHasItsComponentsWithExactCounts() async throws {
        let (status, body) = try await SmallCluster().get("topology/\(SmallCluster.id)")
        #expect(status == 200)
        #expect(body.names.isSuperset(of: words(Self.topologyNames)))
        #expect(
            body.names.isSuperset(
                of: words(
                    """
                    window windowHint user msgTimeout configuration debug samplingPct schedulerDisplayResource bugtracker-url
                    central-log-url visualizationTable topologyStats workers spouts bolts requestedRegularOnHeapMem
                    requestedSharedOnHeapMem requestedRegularOffHeapMem requestedSharedOffHeapMem assignedRegularOnHeapMem
                    assignedSharedOnHeapMem assignedRegularOffHeapMem assignedSharedOffHeapMem
                    """)))
        #expect(body["configuration"]["topology.workers"] == 7 && body["configuration"]["mine"] == "x")
        #expect(body["msgTimeout"] == 30 && body["workersTotal"] == 1)
        #expect(body["topologyStats"].count == 4)
        for window in 0..<4 {
            let stats = body["topologyStats"][window]
            #expect(
                stats.names == words("window windowPretty emitted transferred completeLatency acked failed"))
            // Up for 50 s, every window holds all time; the trees are the spout's, streams of the system do not count.
            #expect(stats["emitted"] == 1100 && stats["acked"] == 90 && stats["failed"] == 10)
            #expect(stats["completeLatency"] == "12.500")
        }
        let (spout, bolt) = (body["spouts"][0], body["bolts"][0])
        #expect(body["spouts"].count == 1 && body["bolts"].count == 1)
        #expect(
            spout.names
                == words(
                    """
                    spoutId encodedSpoutId executors tasks emitted transferred acked failed completeLatency
                    requestedMemOnHeap requestedMemOffHeap requestedCpu requestedGenericResourcesComp \(Self.errorNames)
                    """))
        #expect(spout["spoutId"] == "lines" && spout["lastError"] == "" && spout["errorPort"] == .null)
        #expect(
            bolt.names
                == words(
                    """
                    boltId encodedBoltId executors tasks emitted transferred acked failed executed capacity executeLatency
                    processLatency requestedMemOnHeap requestedMemOffHeap requestedCpu requestedGenericResourcesComp
                    \(Self.errorNames)
                    """))
        #expect(bolt["executed"] == 100 && bolt["acked"] == 100 && bolt["emitted"] == 1000 && bolt["tasks"] == 2)
        // (30 · 2 ms + 70 · 1 ms) / 100, and of the busier executor 70 ms in 50 s.
        #expect(bolt["executeLatency"] == "1.300" && bolt["processLatency"] == "2.600")
        #expect(bolt["capacity"] == "0.001" && bolt["lastError"] == "oops: no such word")
    }

    @Test func systemComponentsAreShownWhenAskedFor() async throws {
        let body = try await SmallCluster().get("topology/\(SmallCluster.id)", ["sys": "true"]).body
        #expect(body["bolts"].count == 2 && body["bolts"][0]["boltId"] == "__acker")
        #expect(body["topologyStats"][3]["emitted"] == 1200)
    }

    @Test func aBoltsPageHasInputsOutputsAndExecutors() async throws {
        let (status, body) = try await SmallCluster().get(
            "topology/\(SmallCluster.id)/component/split", ["window": "600"])
        #expect(status == 200 && body["componentType"] == "bolt" && body["id"] == "split" && body["name"] == "wc")
        #expect(body["window"] == "600" && body["windowHint"] == "10m 0s")
        #expect(body["executors"] == 2 && body["tasks"] == 2)
        #expect(
            body["inputStats"][0].names
                == words("component encodedComponentId stream executeLatency processLatency executed acked failed"))
        #expect(body["inputStats"].count == 1 && body["inputStats"][0]["executed"] == 100)
        #expect(body["outputStats"][0] == ["stream": "default", "emitted": 1000, "transferred": 0])
        #expect(body["boltStats"].count == 4 && body["boltStats"][0]["executed"] == 100)
        let executor = body["executorStats"][1]
        #expect(
            executor.names
                == words(
                    """
                    id encodedId uptime uptimeSeconds host port emitted transferred capacity executeLatency executed
                    processLatency acked failed workerLogLink
                    """))
        #expect(executor["id"] == "[4-4]" && executor["executed"] == 70 && executor["port"] == 6700)
        #expect(body["componentErrors"].count == 1 && body["componentErrors"][0]["error"] == "oops: no such word")
    }

    @Test func aSpoutsPageHasItsTrees() async throws {
        let body = try await SmallCluster().get("topology/\(SmallCluster.id)/component/lines").body
        #expect(body["componentType"] == "spout" && body["spoutSummary"].count == 4)
        #expect(body["spoutSummary"][3]["acked"] == 90 && body["spoutSummary"][3]["completeLatency"] == 12.5)
        #expect(body["outputStats"].count == 1 && body["outputStats"][0]["acked"] == 90)
        #expect(body["executorStats"][0]["completeLatency"] == "12.500")
        #expect(body.names.isDisjoint(with: ["boltStats", "inputStats"]))
    }

    @Test func theRestOfTheInterfaceAnswers() async throws {
        let cluster = try await SmallCluster()
        let id = SmallCluster.id
        #expect(try await cluster.get("history/summary").body == ["topo-history": [.string(id)]])
        #expect(try await cluster.get("topology-workers/\(id)").body["hostPortList"].count == 1)
        #expect(try await cluster.get("topology/\(id)/lag").body == [:])
        #expect(try await cluster.get("topology/\(id)/metrics").body["name"] == "wc")
        #expect(try await cluster.get("topology/\(id)/logconfig").body == ["namedLoggerLevels": [:]])
        let level = LogConfigRecord.Level(
            level: "debug", expiresAtMilliseconds: 1_700_000_130_000, timeoutSeconds: 30)
        try await cluster.state.logConfigs.put(id, LogConfigRecord(levels: ["a": level]))
        let levels = try await cluster.get("topology/\(id)/logconfig").body["namedLoggerLevels"]["a"]
        #expect(levels["target_level"] == "DEBUG" && levels["timeout"] == 30)
        #expect(levels["timeout_epoch"] == 1_700_000_130_000)
        let graph = try await cluster.get("topology/\(id)/visualization").body
        #expect(graph.names == ["lines", "split"] && graph["split"][":inputs"][0][":grouping"] == "shuffle")
        #expect(graph["lines"][":transferred"] == ["default": 100])
        #expect(try await cluster.get("topology/\(id)/visualization-init").body["visualizationTable"].count == 1)
        #expect(try await cluster.get("owner-resources").body["owners"][0]["totalTasks"] == 4)
        #expect(try await cluster.get("owner-resources/ann").body["topologies"].count == 1)
        #expect(try await cluster.get("owner-resources/bob").body["totalTopologies"] == 0)
        #expect(try await cluster.get("cluster/configuration").body["topology.workers"] == 1)
        #expect(try await cluster.get("nimbus/summary").body == ["nimbuses": []])
    }
}
