import StormThrift
import Testing

/// Each method, over a socket: its arguments arrive as they were given, its result as it was returned.
@Suite struct NimbusMethodsTests {
    @Test func topologyMethods() async throws {
        try await withNimbus { nimbus, client async throws in
            try await client.submitTopology(
                name: "a1", location: "a2", jsonConf: "a3", topology: Samples.stormTopology()
            )
            #expect(
                nimbus.lastCall
                    == .init(
                        method: "submitTopology",
                        arguments: ["a1", "a2", "a3", Samples.stormTopology()]))
            try await client.submitTopologyWithOpts(
                name: "a1", location: "a2", jsonConf: "a3", topology: Samples.stormTopology(),
                options: Samples.submitOptions()
            )
            #expect(
                nimbus.lastCall
                    == .init(
                        method: "submitTopologyWithOpts",
                        arguments: ["a1", "a2", "a3", Samples.stormTopology(), Samples.submitOptions()]))
            try await client.killTopology(name: "a1")
            #expect(nimbus.lastCall == .init(method: "killTopology", arguments: ["a1"]))
            try await client.killTopologyWithOpts(name: "a1", options: Samples.killOptions())
            #expect(nimbus.lastCall == .init(method: "killTopologyWithOpts", arguments: ["a1", Samples.killOptions()]))
            try await client.activate(name: "a1")
            #expect(nimbus.lastCall == .init(method: "activate", arguments: ["a1"]))
            try await client.deactivate(name: "a1")
            #expect(nimbus.lastCall == .init(method: "deactivate", arguments: ["a1"]))
            try await client.rebalance(name: "a1", options: Samples.rebalanceOptions())
            #expect(nimbus.lastCall == .init(method: "rebalance", arguments: ["a1", Samples.rebalanceOptions()]))
            #expect(try await client.isTopologyNameAllowed(name: "a1") == true)
            #expect(nimbus.lastCall == .init(method: "isTopologyNameAllowed", arguments: ["a1"]))
        }
    }

    @Test func uploadMethods() async throws {
        try await withNimbus { nimbus, client async throws in
            #expect(try await client.beginFileUpload() == "a98")
            #expect(nimbus.lastCall == .init(method: "beginFileUpload", arguments: []))
            try await client.uploadChunk(location: "a1", chunk: [2, 0, 255])
            #expect(nimbus.lastCall == .init(method: "uploadChunk", arguments: ["a1", [2, 0, 255] as [UInt8]]))
            try await client.finishFileUpload(location: "a1")
            #expect(nimbus.lastCall == .init(method: "finishFileUpload", arguments: ["a1"]))
        }
    }

    @Test func blobMethods() async throws {
        try await withNimbus { nimbus, client async throws in
            #expect(try await client.beginCreateBlob(key: "a1", meta: Samples.settableBlobMeta()) == "a101")
            #expect(nimbus.lastCall == .init(method: "beginCreateBlob", arguments: ["a1", Samples.settableBlobMeta()]))
            try await client.uploadBlobChunk(session: "a1", chunk: [2, 0, 255])
            #expect(nimbus.lastCall == .init(method: "uploadBlobChunk", arguments: ["a1", [2, 0, 255] as [UInt8]]))
            try await client.finishBlobUpload(session: "a1")
            #expect(nimbus.lastCall == .init(method: "finishBlobUpload", arguments: ["a1"]))
            try await client.cancelBlobUpload(session: "a1")
            #expect(nimbus.lastCall == .init(method: "cancelBlobUpload", arguments: ["a1"]))
            #expect(try await client.getBlobMeta(key: "a1") == Samples.readableBlobMeta())
            #expect(nimbus.lastCall == .init(method: "getBlobMeta", arguments: ["a1"]))
            #expect(try await client.beginBlobDownload(key: "a1") == Samples.beginDownloadResult())
            #expect(nimbus.lastCall == .init(method: "beginBlobDownload", arguments: ["a1"]))
            #expect(try await client.downloadBlobChunk(session: "a1") == [107, 0, 255])
            #expect(nimbus.lastCall == .init(method: "downloadBlobChunk", arguments: ["a1"]))
            try await client.deleteBlob(key: "a1")
            #expect(nimbus.lastCall == .init(method: "deleteBlob", arguments: ["a1"]))
            #expect(try await client.listBlobs(session: "a1") == Samples.listBlobsResult())
            #expect(nimbus.lastCall == .init(method: "listBlobs", arguments: ["a1"]))
            #expect(try await client.getBlobReplication(key: "a1") == 110)
            #expect(nimbus.lastCall == .init(method: "getBlobReplication", arguments: ["a1"]))
            #expect(try await client.isRemoteBlobExists(key: "a1") == true)
            #expect(nimbus.lastCall == .init(method: "isRemoteBlobExists", arguments: ["a1"]))
            try await client.createStateInZookeeper(key: "a1")
            #expect(nimbus.lastCall == .init(method: "createStateInZookeeper", arguments: ["a1"]))
        }
    }

    @Test func queryMethods() async throws {
        try await withNimbus { nimbus, client async throws in
            #expect(try await client.getLeader() == Samples.nimbusSummary())
            #expect(nimbus.lastCall == .init(method: "getLeader", arguments: []))
            #expect(try await client.getNimbusConf() == "a114")
            #expect(nimbus.lastCall == .init(method: "getNimbusConf", arguments: []))
            #expect(try await client.getClusterInfo() == Samples.clusterSummary())
            #expect(nimbus.lastCall == .init(method: "getClusterInfo", arguments: []))
            #expect(try await client.getTopologySummaries() == [Samples.topologySummary()])
            #expect(nimbus.lastCall == .init(method: "getTopologySummaries", arguments: []))
            #expect(try await client.getTopologySummaryByName(name: "a1") == Samples.topologySummary())
            #expect(nimbus.lastCall == .init(method: "getTopologySummaryByName", arguments: ["a1"]))
            #expect(try await client.getTopologySummary(id: "a1") == Samples.topologySummary())
            #expect(nimbus.lastCall == .init(method: "getTopologySummary", arguments: ["a1"]))
            #expect(try await client.getTopologyInfo(id: "a1") == Samples.topologyInfo())
            #expect(nimbus.lastCall == .init(method: "getTopologyInfo", arguments: ["a1"]))
            #expect(try await client.getTopologyInfoByName(name: "a1") == Samples.topologyInfo())
            #expect(nimbus.lastCall == .init(method: "getTopologyInfoByName", arguments: ["a1"]))
            #expect(
                try await client.getTopologyInfoWithOpts(
                    id: "a1", options: Samples.getInfoOptions()
                ) == Samples.topologyInfo())
            #expect(
                nimbus.lastCall
                    == .init(
                        method: "getTopologyInfoWithOpts",
                        arguments: ["a1", Samples.getInfoOptions()]))
            #expect(
                try await client.getTopologyInfoByNameWithOpts(
                    name: "a1", options: Samples.getInfoOptions()
                ) == Samples.topologyInfo())
            #expect(
                nimbus.lastCall
                    == .init(
                        method: "getTopologyInfoByNameWithOpts",
                        arguments: ["a1", Samples.getInfoOptions()]))
            #expect(try await client.getTopologyConf(id: "a1") == "a123")
            #expect(nimbus.lastCall == .init(method: "getTopologyConf", arguments: ["a1"]))
            #expect(try await client.getTopology(id: "a1") == Samples.stormTopology())
            #expect(nimbus.lastCall == .init(method: "getTopology", arguments: ["a1"]))
            #expect(try await client.getUserTopology(id: "a1") == Samples.stormTopology())
            #expect(nimbus.lastCall == .init(method: "getUserTopology", arguments: ["a1"]))
        }
    }

    @Test func optionalMethods() async throws {
        try await withNimbus { nimbus, client async throws in
            try await client.setLogConfig(name: "a1", config: Samples.logConfig())
            #expect(nimbus.lastCall == .init(method: "setLogConfig", arguments: ["a1", Samples.logConfig()]))
            #expect(try await client.getLogConfig(name: "a1") == Samples.logConfig())
            #expect(nimbus.lastCall == .init(method: "getLogConfig", arguments: ["a1"]))
            try await client.debug(name: "a1", component: "a2", enable: true, samplingPercentage: 4.5)
            #expect(nimbus.lastCall == .init(method: "debug", arguments: ["a1", "a2", true, 4.5]))
            try await client.uploadNewCredentials(name: "a1", credentials: Samples.credentials())
            #expect(nimbus.lastCall == .init(method: "uploadNewCredentials", arguments: ["a1", Samples.credentials()]))
            #expect(try await client.beginUpdateBlob(key: "a1") == "a130")
            #expect(nimbus.lastCall == .init(method: "beginUpdateBlob", arguments: ["a1"]))
            try await client.setBlobMeta(key: "a1", meta: Samples.settableBlobMeta())
            #expect(nimbus.lastCall == .init(method: "setBlobMeta", arguments: ["a1", Samples.settableBlobMeta()]))
            #expect(try await client.updateBlobReplication(key: "a1", replication: 2) == 132)
            #expect(nimbus.lastCall == .init(method: "updateBlobReplication", arguments: ["a1", Int32(2)]))
            #expect(
                try await client.getTopologyPageInfo(
                    id: "a1", window: "a2", includeSystem: true
                ) == Samples.topologyPageInfo())
            #expect(nimbus.lastCall == .init(method: "getTopologyPageInfo", arguments: ["a1", "a2", true]))
            #expect(
                try await client.getSupervisorPageInfo(
                    id: "a1", host: "a2", includeSystem: true
                ) == Samples.supervisorPageInfo())
            #expect(nimbus.lastCall == .init(method: "getSupervisorPageInfo", arguments: ["a1", "a2", true]))
            #expect(
                try await client.getComponentPageInfo(
                    topologyID: "a1", componentID: "a2", window: "a3", includeSystem: true
                ) == Samples.componentPageInfo())
            #expect(nimbus.lastCall == .init(method: "getComponentPageInfo", arguments: ["a1", "a2", "a3", true]))
            #expect(try await client.getTopologyHistory(user: "a1") == Samples.topologyHistoryInfo())
            #expect(nimbus.lastCall == .init(method: "getTopologyHistory", arguments: ["a1" as String?]))
            #expect(try await client.getOwnerResourceSummaries(owner: "a1") == [Samples.ownerResourceSummary()])
            #expect(nimbus.lastCall == .init(method: "getOwnerResourceSummaries", arguments: ["a1" as String?]))
        }
    }
}
