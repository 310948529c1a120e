import StormCluster
@testable import StormNimbus
import StormTestSupport
import Testing

@Suite struct LeadershipTests {
    /// Found by simulation: a submit of an earlier leadership was refused, and that ended the present one. Its node stayed
    /// in the election, so that nobody led any more.
    @Test func aRefusedWriteOfAnEarlierLeadershipDoesNotEndThePresentOne() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let running = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        let nimbus = running.nimbus
        #expect(try await running.lead() == nil)
        let leaderStore = try #require(nimbus.leaderState.store as? FencedStore)
        let submit = try leaderStore.pinned()
        running.store.expireSession()
        #expect(!nimbus.isLeading)
        #expect(try await running.lead() == nil)
        #expect(nimbus.isLeading)
        await #expect {
            try await submit.create("/late", [], mode: .persistent)
        } throws: { ($0 as? CoordinationError)?.code == .fenced }
        #expect(nimbus.isLeading)
        try await nimbus.leaderState.store.create("/now", [], mode: .persistent)
        await running.die()
    }

    @Test func aRefusedWriteOfThePresentLeadershipEndsIt() async throws {
        let server = InMemoryCoordinationServer()
        let folder = try TemporaryFolder()
        let running = try await ManualNimbus("a:1", server, folder: folder.path, ManualTime(), MemoryFetcher(server))
        #expect(try await running.lead() == nil)
        running.store.expireSessionUnnoticed()
        await #expect {
            try await running.nimbus.leaderState.store.create("/late", [], mode: .persistent)
        } throws: { ($0 as? CoordinationError)?.code == .fenced }
        #expect(!running.nimbus.isLeading)
        await running.die()
    }
}
