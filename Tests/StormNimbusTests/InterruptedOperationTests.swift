import StormCluster
import StormCore
@testable import StormNimbus
import StormSubmission
import StormTestSupport
import StormThrift
import Testing

/// Every operation of the leader, interrupted at each of its writes in turn. Afterwards, and once the same or another
/// nimbus leads, the operation is done completely or not at all, nothing is left over, and doing it again works.
@Suite(.serialized) struct InterruptedOperationTests {
    enum Operation: String, CaseIterable, Sendable {
        case submit, activate, deactivate, rebalance, kill, credentials, createBlob, updateBlob, deleteBlob
    }

    enum Interruption: String, CaseIterable, Sendable {
        /// The leader dies after so many writes, and another nimbus takes over.
        case death
        /// The only nimbus dies, and is started again on the same disk.
        case restart
        /// The leader's session ends without its noticing, and another nimbus takes over.
        case pause
        /// The write works but its reply is lost; the leader goes on.
        case lostReply
        /// The write does not work; the leader goes on.
        case failure
    }

    @Test(arguments: Operation.allCases, Interruption.allCases)
    func operationIsDoneCompletelyOrNotAtAll(_ operation: Operation, _ interruption: Interruption) async throws {
        var points = 0
        for point in 0..<60 {
            let run = try await InterruptedRun(operation, interruption, at: point)
            guard try await run.wasInterrupted() else { break }
            points += 1
            try await run.check()
        }
        #expect(points >= 1 && points < 60, "\(operation) \(interruption): interrupted at \(points) points")
    }
}

/// One cluster, one operation, one interruption.
private struct InterruptedRun {
    let operation: InterruptedOperationTests.Operation
    let interruption: InterruptedOperationTests.Interruption
    let point: Int
    let server = InMemoryCoordinationServer()
    let time = ManualTime()
    let folder: TemporaryFolder
    let fetcher: MemoryFetcher
    let first: ManualNimbus
    let second: ManualNimbus?
    let machines: [InMemoryCoordinationStore]
    let failure: (any Error)?
    /// A run whose interruption came after the operation's last write has shown nothing.
    private let picked: PickedWrite

    private static let userKey = "mine"

    init(
        _ operation: InterruptedOperationTests.Operation, _ interruption: InterruptedOperationTests.Interruption,
        at point: Int
    ) async throws {
        (self.operation, self.interruption, self.point) = (operation, interruption, point)
        folder = try TemporaryFolder()
        fetcher = MemoryFetcher(server)
        first = try await ManualNimbus("first:1", server, folder: folder.path + "/first", time, fetcher)
        #expect(try await first.lead() == nil)
        machines = try await ["n1", "n2"].asyncMap { [server] name in
            let own = server.connect()
            let record = supervisor(name, ports: [6700, 6701, 6702])
            _ = try await own.registerEphemeral(ClusterPaths.supervisor(name), try RecordCodec.encode(record))
            return own
        }
        if interruption == .restart {
            second = nil
        } else {
            second = try await ManualNimbus("second:1", server, folder: folder.path + "/second", time, fetcher)
            try await second?.followBlobs()
        }
        try await Self.prepare(operation, first, folder)
        picked = PickedWrite(point)
        Self.arm(interruption, first, picked)
        do {
            try await Self.perform(operation, on: first, folder)
            try await first.settle()
            failure = nil
        } catch {
            failure = error
        }
    }

    func wasInterrupted() async throws -> Bool {
        switch interruption {
        case .death, .restart: failure != nil
        case .pause, .lostReply, .failure: picked.wasMade
        }
    }

    // MARK: before

    private static func prepare(
        _ operation: InterruptedOperationTests.Operation, _ nimbus: ManualNimbus, _ folder: TemporaryFolder
    ) async throws {
        switch operation {
        case .submit, .createBlob: break
        case .updateBlob, .deleteBlob: try await perform(.createBlob, on: nimbus, folder)
        case .activate, .deactivate, .rebalance, .kill, .credentials:
            try await perform(.submit, on: nimbus, folder)
            if operation == .activate { try await perform(.deactivate, on: nimbus, folder) }
        }
        try await nimbus.settle()
    }

    private static func arm(
        _ interruption: InterruptedOperationTests.Interruption, _ nimbus: ManualNimbus, _ picked: PickedWrite
    ) {
        switch interruption {
        case .death, .restart: nimbus.store.crashAfterWrites(picked.number)
        case .lostReply: nimbus.store.loseNextReply { picked.matches($0) }
        case .failure: nimbus.store.failNext(.unavailable) { picked.matches($0) }
        case .pause: nimbus.store.expireSessionUnnoticed { picked.matches($0) }
        }
    }

    // MARK: the operation

    private static func perform(
        _ operation: InterruptedOperationTests.Operation, on nimbus: ManualNimbus, _ folder: TemporaryFolder
    ) async throws {
        let handler = nimbus.nimbus.handler
        switch operation {
        case .submit:
            let program = try folder.write("the program", to: "program")
            let submission = TopologySubmission(
                name: "wc", executablePath: program, topology: NimbusProcessTests.topology,
                configuration: ["topology.workers": .int(2)])
            var changed = submission
            changed.credentials = ["a": "1"]
            try await TopologySubmitter(nimbus: handler).submit(changed)
        case .activate: try await handler.activate(name: "wc")
        case .deactivate: try await handler.deactivate(name: "wc")
        case .rebalance:
            try await handler.rebalance(name: "wc", options: .init(waitSecs: 1, numWorkers: 3))
        case .kill: try await handler.killTopologyWithOpts(name: "wc", options: .init(waitSecs: 0))
        case .credentials:
            try await handler.uploadNewCredentials(name: "wc", credentials: .init(credentials: ["b": "2"]))
        case .createBlob:
            let session = try await handler.beginCreateBlob(key: userKey, meta: .init(acl: []))
            try await handler.uploadBlobChunk(session: session, chunk: [1])
            try await handler.finishBlobUpload(session: session)
        case .updateBlob:
            let session = try await handler.beginUpdateBlob(key: userKey)
            try await handler.uploadBlobChunk(session: session, chunk: [2, 2])
            try await handler.finishBlobUpload(session: session)
        case .deleteBlob: try await handler.deleteBlob(key: userKey)
        }
    }

    // MARK: after

    func check() async throws {
        let leader = try await successor()
        try await leader.settle()
        try await expectWholeState("after \(operation) with \(interruption) at write \(point)", leader)
        try await again(leader)
        let isComplete = try await leader.settle { try await isDone(leader) }
        #expect(isComplete, "\(operation) with \(interruption) at write \(point): doing it again does not complete it")
        try await expectWholeState("after doing it again (\(operation), \(interruption), \(point))", leader)
        try await expectNoForgottenFiles(leader)
        await leader.die()
    }

    /// Whoever leads now.
    private func successor() async throws -> ManualNimbus {
        switch interruption {
        case .lostReply, .failure: return first
        case .restart:
            await first.die()
            let restarted = try await ManualNimbus("first:1", server, folder: folder.path + "/first", time, fetcher)
            #expect(try await restarted.lead() == nil)
            return restarted
        case .death, .pause:
            let next = try #require(second)
            if interruption == .death { await first.die() }
            #expect(next.latch.isLeader)
            #expect(try await next.lead() == nil, "\(operation) at \(point): the next nimbus lacks code")
            if interruption == .pause { try await expectOldLeaderIsHarmless() }
            return next
        }
    }

    /// What it still does changes nothing.
    private func expectOldLeaderIsHarmless() async throws {
        let before = server.dump().filter { $0.value.ephemeralOwner == 0 }
        do {
            try await first.settle()
        } catch let error as CoordinationError {
            #expect(error.code == .fenced)
        }
        #expect(server.dump().filter { $0.value.ephemeralOwner == 0 } == before)
        await first.die()
    }

    private func again(_ leader: ManualNimbus) async throws {
        do {
            try await Self.perform(operation, on: leader, folder)
        } catch let error as SubmissionError where error.code == .nameTaken {
            // It was done.
        } catch is Thrift.NotAliveException where operation == .kill {
            // As above.
        } catch is Thrift.KeyAlreadyExistsException where operation == .createBlob {
        } catch is Thrift.KeyNotFoundException where operation == .deleteBlob {
        } catch is Thrift.InvalidTopologyException where operation == .rebalance {
            // It is under way.
        }
    }

    private func isDone(_ leader: ManualNimbus) async throws -> Bool {
        let state = leader.nimbus.state
        let bases = try await state.storms.all().values.map(\.record)
        switch operation {
        case .submit, .credentials, .activate:
            guard let base = bases.first, bases.count == 1, base.status == .active else { return false }
            let assigned = try await state.assignments.get(base.id)?.record.workers.count == 2
            let credentials = try await state.credentials.get(base.id)?.record.credentials
            return assigned && credentials == (operation == .credentials ? ["a": "1", "b": "2"] : ["a": "1"])
        case .deactivate: return bases.count == 1 && bases[0].status == .inactive
        case .rebalance:
            guard bases.count == 1, bases[0].status == .active, bases[0].workers == 3 else { return false }
            return try await state.assignments.get(bases[0].id)?.record.workers.count == 3
        case .kill: return bases.isEmpty && !server.dump().keys.contains { $0.contains("wc-") }
        case .createBlob: return try await state.blobs.get(Self.userKey)?.record.sizeBytes == 1
        case .updateBlob: return try await state.blobs.get(Self.userKey)?.record.sizeBytes == 2
        case .deleteBlob: return try await state.blobs.get(Self.userKey) == nil
        }
    }

    /// Each topology has all it needs, and nothing belongs to a topology that is not there.
    private func expectWholeState(_ when: String, _ leader: ManualNimbus) async throws {
        let state = leader.nimbus.state
        let storms = try await state.storms.all().mapValues(\.record)
        #expect(storms.count <= 1, "\(when): \(storms.keys.sorted())")
        for path in server.dump().keys where path.contains("wc-") {
            let parts = path.split(separator: "/").map { ClusterPaths.unescape(String($0)) }
            let owner = TopologyBlobs.topologyID(of: parts[1]) ?? parts[1]
            #expect(storms[owner] != nil, "\(when): \(path) is left over")
            #expect(parts[0] != "submissions", "\(when): \(path) is left over")
        }
        for base in storms.values {
            #expect(base.blobs.count == 3)
            for blob in base.blobs {
                let record = try await state.blobs.get(blob.key)?.record
                #expect(record?.sha256 == blob.sha256, "\(when): \(blob.key)")
                #expect(try await leader.nimbus.directory.has(blob.sha256), "\(when): \(blob.key) is not here")
                #expect(try await !state.blobReplicas(blob.key).ids().isEmpty, "\(when): \(blob.key)")
            }
            if base.status != .killed {
                #expect(try await state.assignments.get(base.id) != nil, "\(when): \(base.id) is not assigned")
            }
        }
    }

    /// In the end the disk holds what the cluster knows, and nothing else.
    private func expectNoForgottenFiles(_ leader: ManualNimbus) async throws {
        let nimbus = leader.nimbus
        for _ in 0..<2 {
            _ = try await nimbus.catalog.synchronize()
            time.advance(seconds: 601)
        }
        _ = try await nimbus.catalog.synchronize()
        let known = Set(try await nimbus.state.blobs.all().values.map(\.record.sha256))
        let here = try await nimbus.directory.all()
        // A user's blob may be on the dead nimbus alone, and be there again when that is.
        let mayBeElsewhere =
            (interruption == .death || interruption == .pause) && (operation == .createBlob || operation == .updateBlob)
        #expect(here.isSubset(of: known), "\(operation) with \(interruption) at write \(point)")
        #expect(here == known || mayBeElsewhere, "\(operation) with \(interruption) at write \(point)")
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async throws -> [T] {
        var mapped: [T] = []
        for element in self { mapped.append(try await transform(element)) }
        return mapped
    }
}
