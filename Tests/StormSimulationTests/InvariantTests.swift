import FoundationEssentials
import StormCluster
import StormCore
import StormRuntime
import Testing

@testable import StormSimulation

/// Each rule notices a planted fault, and nothing where there is none.
struct InvariantTests {
    private func tree(_ operations: [(CoordinationOperation, Int64)]) throws -> InMemoryTree {
        var tree = InMemoryTree()
        for path in ClusterPaths.directories {
            _ = try tree.apply([.create(path: path, data: [], mode: .persistent)], session: 0)
        }
        for (operation, session) in operations { _ = try tree.apply([operation], session: session) }
        return tree
    }

    private func assignment(_ id: String, _ workers: [(port: Int, tasks: [Int32])]) throws -> CoordinationOperation {
        let record = AssignmentRecord(
            topologyID: id, codeSHA256: "aa",
            workers: workers.map { worker in
                WorkerAssignment(
                    node: "n1", host: "h", port: worker.port,
                    executors: worker.tasks.map { ExecutorRange(TaskID($0), TaskID($0)) }, startedAtMilliseconds: 1,
                    incarnation: 1)
            })
        return .create(path: ClusterPaths.assignment(id), data: try RecordCodec.encode(record), mode: .persistent)
    }

    private let candidate = CoordinationOperation.create(
        path: ClusterPaths.leaderLock + "/latch-", data: [], mode: .ephemeralSequential)

    @Test func writeOfTheLeaderIsAllowedAndThatOfAnotherIsNot() throws {
        let tree = try tree([(candidate, 1), (candidate, 2)])
        let write = CoordinationOperation.set(path: ClusterPaths.storm("wc-1-1"), data: [], expectedVersion: 3)
        #expect(OneLeader.fault([write], session: 1, tree) == nil)
        #expect(OneLeader.fault([write], session: 2, tree)?.contains("latch-0000000000 of session 1 leads") == true)
        #expect(OneLeader.fault([candidate], session: 2, tree) == nil)
    }

    @Test func writeWhileNobodyLeadsIsNoticed() throws {
        let write = CoordinationOperation.delete(path: ClusterPaths.assignment("wc-1-1"), expectedVersion: nil)
        #expect(OneLeader.fault([write], session: 1, try tree([]))?.contains("nobody leads") == true)
    }

    @Test func slotOfTwoTopologiesIsNoticed() throws {
        let one = try assignment("a-1-1", [(6700, [1, 2]), (6701, [3])])
        #expect(SlotsHeldOnce.fault(try tree([(one, 0), (try assignment("b-2-1", [(6702, [1])]), 0)])) == nil)
        let fault = SlotsHeldOnce.fault(try tree([(one, 0), (try assignment("b-2-1", [(6701, [1])]), 0)]))
        #expect(fault == "n1-6701 is held by a-1-1 and b-2-1")
    }

    @Test func taskInTwoWorkersIsNoticed() throws {
        let twice = try assignment("a-1-1", [(6700, [1, 2]), (6701, [2])])
        #expect(SlotsHeldOnce.fault(try tree([(twice, 0)])) == "task 2 of a-1-1 runs twice")
    }

    @Test func missingMessageOfASpoutIsNoticed() {
        var engine = TaskStatistics(task: TaskID(1), component: "numbers")
        engine.emitted = [.default: 10]
        (engine.acked, engine.failed, engine.pending) = (6, 1, 3)
        let own = SpoutCounts(emitted: 10, acked: 6, failed: 1)
        #expect(Conservation.fault(engine, own) == nil)
        engine.pending = 2
        #expect(Conservation.fault(engine, own) == "task 1: 10 emitted, 6 acked, 1 failed, 2 in flight")
        engine.pending = 3
        #expect(
            Conservation.fault(engine, SpoutCounts(emitted: 10, acked: 7, failed: 1))?.contains("the spout") == true)
    }

    @Test func messagesThatTheEngineEmitsAgainAreNoticedWhenOneIsMissing() {
        var engine = TaskStatistics(task: TaskID(1), component: "numbers")
        // Ten messages, two of them emitted twice and one three times: one of these is a dead letter, two wait.
        engine.emitted = [.default: 14]
        (engine.acked, engine.failed, engine.pending) = (5, 7, 2)
        (engine.replayed, engine.retrying, engine.deadLettered) = (4, 2, 1)
        var own = SpoutCounts(emitted: 10, acked: 5, failed: 0, deadLettered: 1, hasRetries: true)
        #expect(Conservation.fault(engine, own) == nil)
        engine.retrying = 1
        #expect(Conservation.fault(engine, own)?.contains("1 to be tried again") == true)
        engine.retrying = 2
        own.deadLettered = 2
        #expect(Conservation.fault(engine, own)?.contains("the spout") == true)
    }

    @Test func workerThatEndsBecauseTheStoreForgotItIsNoticed() throws {
        var wipe = Wipe(try tree([(try assignment("a-1-1", [(6700, [1]), (6701, [2])]), 0)]))
        #expect(wipe.forgotten == ["a-1-1"])
        #expect(wipe.mustGoOn("a-1-1", WorkerSlot(node: "n1", port: 6700), incarnation: 1))
        #expect(!wipe.mustGoOn("a-1-1", WorkerSlot(node: "n1", port: 6700), incarnation: 2))
        wipe.note(try tree([(try assignment("b-1-2", [(6700, [1])]), 0)]))
        #expect(!wipe.mustGoOn("a-1-1", WorkerSlot(node: "n1", port: 6700), incarnation: 1))
        #expect(wipe.mustGoOn("a-1-1", WorkerSlot(node: "n1", port: 6701), incarnation: 1))
    }

    @Test func missingLetterIsNoticed() throws {
        let letter = DeadLetterRecord(
            topologyID: "wide-1-1", component: "numbers", task: 1, messageID: "7", stream: "default", fields: ["id"],
            values: [.int(7)], attempts: 2, history: [], timeMilliseconds: 1)
        let tree = try tree([
            (.create(path: ClusterPaths.deadLetters("wide-1-1"), data: [], mode: .persistent), 0),
            (
                .create(
                    path: ClusterPaths.deadLetters("wide-1-1") + "/1-a", data: try RecordCodec.encode(letter),
                    mode: .persistent), 0
            ),
        ])
        #expect(LettersKept.missing([7], topology: "wide", tree) == [])
        #expect(LettersKept.missing([7, 36], topology: "wide", tree) == [36])
        #expect(LettersKept.missing([7], topology: "narrow", tree) == [7])
    }

    @Test func leftZnodesAreNoticed() throws {
        #expect(try CleanEnd.leftovers(tree([(candidate, 1)])) == [])
        #expect(try CleanEnd.leftovers(tree([(try assignment("a-1-1", []), 0)])) == ["/assignments/a-1-1"])
        let slot = WorkerSlot(node: "n1", port: 6700)
        let paths = [
            ClusterPaths.deadLetterReplays("a-1-1"), ClusterPaths.leaving("a-1-1", slot, incarnation: 1),
            ClusterPaths.submission("a-1-1"),
        ]
        let left = try tree(
            paths.map { (CoordinationOperation.create(path: $0, data: [], mode: .persistent), Int64(0)) })
        #expect(CleanEnd.leftovers(left) == paths)
        // Workers of a topology that the store has forgotten still say that they leave.
        #expect(CleanEnd.leftovers(left, forgotten: ["a-1-1"]) == [paths[0], paths[2]])
    }

    @Test func leftCodeAndUploadsOfANimbusAreNoticed() throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.path + "/storm-nimbus-\(UInt64.random(in: 0...UInt64.max))"
        try files.createDirectory(atPath: "\(folder)/blobs/aa", withIntermediateDirectories: true)
        try files.createDirectory(atPath: "\(folder)/inbox", withIntermediateDirectories: true)
        defer {
            // A folder of this test only.
            try? files.removeItem(atPath: folder)
        }
        #expect(CleanEnd.contents(folder) == [])
        #expect(files.createFile(atPath: "\(folder)/blobs/aa/aa11", contents: nil))
        #expect(files.createFile(atPath: "\(folder)/inbox/stormjar-1.jar", contents: nil))
        #expect(CleanEnd.contents(folder) == ["\(folder)/blobs/aa/aa11", "\(folder)/inbox/stormjar-1.jar"])
    }

    @Test func topologyThatAMachineStillHasIsForgottenByAWipe() throws {
        let wipe = Wipe(try tree([]), present: ["gone-1-1"])
        #expect(wipe.forgotten == ["gone-1-1"])
        #expect(!wipe.mustGoOn("gone-1-1", WorkerSlot(node: "n1", port: 6700), incarnation: 1))
    }
}
