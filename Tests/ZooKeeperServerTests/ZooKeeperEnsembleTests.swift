import FoundationEssentials
import StormProcess
import Testing
import ZooKeeperServer

/// Needs Java and Debian's package zookeeper.
private let isInstalled = (try? JavaInstallation.find()) != nil  // any failure means: skip

@Suite(.enabled(if: isInstalled, "no Java or no ZooKeeper on this machine"), .timeLimit(.minutes(5)))
struct ZooKeeperEnsembleTests {
    @Test
    func threeServersElectALeaderAndSurviveTheLossOfIt() async throws {
        let ensemble = try await ZooKeeperEnsemble.start(3, .forTests)
        let first = try #require(await ensemble.leaderIndex())
        try await ensemble.servers[first].kill()
        let deadline = ContinuousClock.now + .seconds(60)
        var second: Int?
        while second == nil, ContinuousClock.now < deadline { second = await ensemble.leaderIndex() }
        #expect(second != nil && second != first)
        // The third one may still be getting the new leader's state.
        var follower: Int?
        while follower == nil, ContinuousClock.now < deadline { follower = await ensemble.followerIndex() }
        #expect(follower != nil)

        try await ensemble.servers[first].restart()
        #expect(await ensemble.servers[first].ask("srvr")?.contains("Mode: follower") == true)

        try await ensemble.killAll()
        #expect(await ensemble.leaderIndex() == nil)
        try await ensemble.restartAll()
        #expect(await ensemble.leaderIndex() != nil)
        try await ensemble.wipe()
        #expect(await ensemble.leaderIndex() != nil)
        try await ensemble.remove()
        for server in ensemble.servers { #expect(!FileManager.default.fileExists(atPath: server.stateDirectory)) }
    }
}
