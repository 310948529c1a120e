import Logging
import StormCluster
import StormManifest
@testable import StormSupervisor
import StormTestSupport
import Testing

/// Of which cluster a topology is: known before its workers start, since it tells a wipe from a removal.
@Suite(.timeLimit(.minutes(3))) struct ClusterLearningTests {
    private let program = "#!/bin/sh\n"

    /// Found by simulation: the second of two topologies that came close upon each other was not asked for. When the machine
    /// and the store lost everything soon after, its workers took the wipe for a removal.
    @Test func everyWorkerIsToldItsClusterHoweverFastTopologiesCome() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher) {
            $0.ports = Array(6700..<6708)
            // No look by the clock mends what was missed.
            $0.repairInterval = .seconds(1000)
        }
        try await running(supervisor) {
            try await eventually("not registered") { try await cluster.record(supervisor.id) != nil }
            for port in 6700..<6708 {
                let code = try await cluster.submit("t\(port)", code: program)
                try await cluster.assign("t\(port)", code, to: supervisor.id, ports: [port])
            }
            try await eventually("workers missing") { launcher.live.count == 8 }
        }
        let id = try await ClusterIdentity.read(cluster.admin.store)
        for launch in launcher.launches {
            let manifest = try WorkerManifest.load(launch.arguments[2])
            #expect(id != nil && manifest.known?.clusterID == id, "\(manifest.topologyID)")
        }
    }

    /// A store that cannot tell holds up nothing.
    @Test func aWorkerStartsAlsoWhenItsClusterCannotBeTold() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let store = cluster.server.connect()
        let supervisor = try cluster.supervisor(store, launcher: launcher)
        try await running(supervisor) {
            try await eventually("not registered") { try await cluster.record(supervisor.id) != nil }
            for _ in 0..<50 { store.failNext { !$0.isWrite && $0.path == ClusterPaths.cluster } }
            let code = try await cluster.submit("t", code: program)
            try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
            try await eventually("no worker") { launcher.live.count == 1 }
        }
    }

    /// That the store is empty was told, but when a nimbus had set it up again nobody said what it had forgotten.
    @Test func whatAWipeHasForgottenIsToldAlsoWhenTheEmptyStoreWasSeen() async throws {
        let cluster = try await TestCluster()
        let launcher = FakeLauncher()
        let log = RecordingLog()
        let supervisor = try cluster.supervisor(cluster.server.connect(), launcher: launcher, log: log.logger())
        let code = try await cluster.submit("t", code: program)
        try await cluster.assign("t", code, to: supervisor.id, ports: [6700])
        try await running(supervisor) {
            try await eventually("no worker") { launcher.live.count == 1 }
            cluster.server.wipe()
            #expect(await log.first(within: .seconds(60)) { $0.message.contains("has no cluster state") } != nil)
            try await cluster.admin.prepare()
            let told = await log.first(within: .seconds(60)) {
                $0.level == .error && $0.message.contains("ZooKeeper was wiped: it has forgotten t.")
            }
            #expect(told != nil)
            #expect(launcher.live.count == 1)
        }
        #expect(log.messages(atLeast: .error).filter { $0.contains("it has forgotten") }.count == 1)
    }

    @Test func workersOfATopologyThatWaitsAreLeftOutUnlessSomeAreThereAlready() {
        let workers = ["a": 6700, "b": 6701, "c": 6702].map { name, port in
            (port, WantedWorker(topologyID: name, codeSHA256: "aa", executors: ExecutorList([]), incarnation: 1))
        }
        var wish = ClusterWish(local: LocalAssignments.Result())
        wish.local.wanted = Dictionary(uniqueKeysWithValues: workers)
        wish.hold(["a", "b"], wish.local.wanted.filter { $0.key == 6701 })
        #expect(wish.local.wanted.keys.sorted() == [6701, 6702])
    }
}
