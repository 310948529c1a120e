import StormCluster
import StormCore
import StormSupervisor
import Testing

struct LocalAssignmentsTests {
    private func snapshot(_ records: [AssignmentRecord], extra: [String: String] = [:], root: Bool = true) throws
        -> SubtreeSnapshot
    {
        var nodes: [String: VersionedData] =
            root ? [ClusterPaths.assignments: VersionedData(bytes: [], version: 0)] : [:]
        for record in records {
            nodes[ClusterPaths.assignment(record.topologyID)] =
                VersionedData(bytes: try RecordCodec.encode(record), version: 0)
        }
        for (name, text) in extra {
            nodes[ClusterPaths.assignment(name)] = VersionedData(bytes: Array(text.utf8), version: 0)
        }
        return SubtreeSnapshot(root: ClusterPaths.assignments, nodes: nodes)
    }

    private func record(_ id: String, _ slots: [(String, Int)]) -> AssignmentRecord {
        AssignmentRecord(
            topologyID: id, codeSHA256: "hash-\(id)",
            workers: slots.map { node, port in
                WorkerAssignment(
                    node: node, host: "h", port: port, executors: [ExecutorRange(TaskID(1), TaskID(2))],
                    startedAtMilliseconds: 5, incarnation: 3)
            })
    }

    private func resolve(_ snapshot: SubtreeSnapshot, current: [Int: WantedWorker] = [:]) -> LocalAssignments.Result? {
        LocalAssignments.resolve(snapshot, supervisorID: "me", ports: [6700, 6701], current: current)
    }

    @Test
    func onlyOurSlotsCount() throws {
        let result = try resolve(
            snapshot([record("t", [("me", 6700), ("other", 6701)]), record("u", [("other", 6700)])]))
        #expect(
            result?.wanted == [
                6700: WantedWorker(
                    topologyID: "t", codeSHA256: "hash-t",
                    executors: ExecutorList([ExecutorRange(TaskID(1), TaskID(2))]), incarnation: 3)
            ])
        #expect(result?.topologies == ["t", "u"])
        #expect(result?.faults == [])
    }

    @Test
    func storeWithoutTheFolderSaysNothing() throws {
        #expect(try resolve(snapshot([], root: false)) == nil)
        #expect(try resolve(snapshot([]))?.wanted == [:])
    }

    @Test
    func unreadableRecordKeepsItsWorkers() throws {
        let current = try #require(try resolve(snapshot([record("t", [("me", 6700)])]))).wanted
        for text in ["not json", #"{"version": 99}"#] {
            let result = try resolve(snapshot([], extra: ["t": text]), current: current)
            #expect(result?.wanted == current)
            #expect(result?.faults.count == 1)
        }
    }

    @Test
    func whatCannotBeReadAndConcernsOthersIsNotOurs() throws {
        let result = try resolve(snapshot([record("t", [("me", 6700)])], extra: ["u": "not json"]))
        #expect(result?.wanted[6700]?.topologyID == "t")
        #expect(result?.faults == [])
        // It exists all the same, so its code stays.
        #expect(result?.topologies == ["t", "u"])
    }

    @Test
    func portThatIsNotOursIsAFault() throws {
        let result = try resolve(snapshot([record("t", [("me", 9999)])]))
        #expect(result?.wanted == [:])
        #expect(result?.faults.first?.contains("9999") == true)
    }

    @Test
    func whoWasThereFirstKeepsAPortWantedTwice() throws {
        let both = try snapshot([record("t", [("me", 6700)]), record("u", [("me", 6700)])])
        #expect(resolve(both)?.wanted[6700]?.topologyID == "t")
        let u = try #require(try resolve(snapshot([record("u", [("me", 6700)])]))).wanted
        #expect(resolve(both, current: u)?.wanted[6700]?.topologyID == "u")
        #expect(resolve(both)?.faults.count == 1)
    }
}
