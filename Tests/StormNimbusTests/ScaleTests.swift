import StormCluster
import StormCore
import StormNimbus
import StormScheduling
import Testing

/// What keeps a large cluster quiet and quick.
@Suite struct ScaleTests {
    @Test func thePaceFollowsTheNumberOfWorkersAndIsNotWrittenInASettledCluster() async throws {
        let fixture = try await Fixture()
        var machines: [InMemoryCoordinationStore] = []
        for number in 0..<40 {
            machines.append(
                try await fixture.startSupervisor("s\(number)", ports: [6700, 6701, 6702, 6703, 6704]))
        }
        let small = base("small", workers: 10, tasks: ["a": 50])
        try await fixture.state.storms.create(small.id, small)
        try await fixture.settle()
        #expect(try await PaceRecord.read(fixture.store) == nil)
        let large = base("large", workers: 180, tasks: ["a": 200])
        try await fixture.state.storms.create(large.id, large)
        try await fixture.settle()
        let pace = try #require(try await PaceRecord.read(fixture.store))
        #expect(pace.workers == 190 && pace.beatSeconds >= WriteBudget.beatSeconds(workers: 190))
        let workers = try await fixture.startWorkers(large.id)
        let writes = fixture.store.writesDone
        for _ in 0..<5 {
            fixture.time.advance(seconds: 10)
            try await fixture.settle()
        }
        #expect(fixture.store.writesDone == writes)
        for own in machines + workers.values { await own.close() }
    }

    @Test func whatIsNoPaceIsReplacedAndANewerProgramsIsLeftAlone() async throws {
        let fixture = try await Fixture()
        let machine = try await fixture.startSupervisor("s", ports: Array(6700..<6900))
        let large = base("large", workers: 100, tasks: ["a": 100])
        try await fixture.state.storms.create(large.id, large)
        try await fixture.store.create(ClusterPaths.pace, Array("nonsense".utf8), mode: .persistent)
        try await fixture.settle()
        #expect(try await PaceRecord.read(fixture.store)?.workers == 100)
        let newer = Array(#"{"version":9}"#.utf8)
        try await fixture.store.set(ClusterPaths.pace, newer, expectedVersion: nil)
        try await fixture.settle()
        #expect(try await fixture.store.get(ClusterPaths.pace)?.bytes == newer)
        await machine.close()
    }

    @Test func aTopologyThatIsTooLargeDoesNotKeepOthersFromBeingScheduled() async throws {
        let fixture = try await Fixture()
        let name = String(repeating: "n", count: 200)
        var machines: [InMemoryCoordinationStore] = []
        machines.append(try await fixture.startSupervisor(name, ports: Array(10_000..<15_000)))
        let large = base("large", workers: 4_500, tasks: ["a": 4_500])
        let small = base("small", workers: 2, tasks: ["a": 4])
        try await fixture.state.storms.create(large.id, large)
        try await fixture.state.storms.create(small.id, small)
        try await fixture.settle()
        #expect(try await fixture.assignment(small.id)?.workers.count == 2)
        #expect(try await fixture.assignment(large.id) == nil)
        let status = try #require(fixture.statuses[large.id])
        #expect(status.contains("fewer workers"))
        for own in machines { await own.close() }
    }

    /// Every round ended there: the spouts stood still for ever, and nothing else was scheduled any more.
    @Test func aRebalanceThatIsTooLargeChangesNothingAndHoldsNobodyUp() async throws {
        let fixture = try await Fixture()
        let machine = try await fixture.startSupervisor(
            String(repeating: "n", count: 200), ports: Array(10_000..<15_000))
        let large = base("large", workers: 2, tasks: ["a": 4_500])
        let small = base("small", workers: 2, tasks: ["a": 4])
        try await fixture.state.storms.create(large.id, large)
        try await fixture.settle()
        let before = try await fixture.assignment(large.id)
        let now = fixture.time.epochMilliseconds()
        try await fixture.state.storms.update(large.id) { record in
            record = try TopologyLifecycle.apply(
                .rebalance(.init(waitSeconds: 10, workers: 4_500)), record, nowMilliseconds: now,
                defaultWaitSeconds: 30
            ).base
        }
        try await fixture.state.storms.create(small.id, small)
        fixture.time.advance(seconds: 5)
        try await fixture.settle()
        let after = try #require(try await fixture.state.storms.get(large.id)?.record)
        #expect(after.status == .active && after.action == nil && after.workers == 2)
        #expect(try await fixture.assignment(large.id) == before)
        #expect(try await fixture.assignment(small.id)?.workers.count == 2)
        await machine.close()
    }

    /// The cache is only a cache: whatever happens between two looks, a look sees what one without a cache sees.
    @Test func aLookWithACacheSeesWhatOneWithoutSees() async throws {
        let fixture = try await Fixture()
        var cache = ObservationCache()
        func compare() async throws {
            var empty = ObservationCache()
            let fresh = try await ClusterObservation.read(fixture.state, &empty)
            let cached = try await ClusterObservation.read(fixture.state, &cache)
            #expect(fresh.storms == cached.storms && fresh.assignments == cached.assignments)
            #expect(fresh.supervisors == cached.supervisors && fresh.beats == cached.beats)
            #expect(fresh.faults == cached.faults && fresh.leaving == cached.leaving)
            #expect(fresh.submissions == cached.submissions)
        }
        let machine = try await fixture.startSupervisor("s")
        try await compare()
        let wc = base("wc")
        try await fixture.state.storms.create(wc.id, wc)
        try await fixture.settle()
        try await compare()
        let workers = try await fixture.startWorkers(wc.id)
        try await compare()
        for worker in workers.values { await worker.close() }
        try await fixture.store.set(ClusterPaths.storm(wc.id), [7], expectedVersion: nil)
        try await compare()
        // Made again: the version starts from 0, as it was when it was read first.
        try await fixture.store.delete(ClusterPaths.storm(wc.id), expectedVersion: nil)
        var other = wc
        other.workers = 1
        try await fixture.state.storms.create(wc.id, other)
        try await compare()
        await machine.close()
        try await compare()
    }
}
