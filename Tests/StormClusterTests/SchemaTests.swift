import StormCluster
import StormCore
import Testing

@Suite struct SchemaTests {
    static func base() -> StormBaseRecord {
        StormBaseRecord(
            name: "wc", id: "wc-1-1700000000", status: .active, owner: "ann",
            submittedAtMilliseconds: 1_700_000_000_000,
            workers: 2, componentExecutors: ["split": 4, "__acker": 2], componentTasks: ["split": 8, "__acker": 2],
            blobs: [BlobReference(key: "wc-1-1700000000-stormjar.jar", sha256: "ab", sizeBytes: 7)])
    }

    @Test func stormBaseHasItsDocumentedForm() throws {
        var record = Self.base()
        record.status = .killed
        record.previousStatus = .active
        record.action = PendingAction(kind: .kill, waitSeconds: 30, deadlineMilliseconds: 1_700_000_030_000)
        let golden =
            #"{"action":{"deadline_ms":1700000030000,"kind":"kill","wait_secs":30},"#
            + #""blobs":[{"key":"wc-1-1700000000-stormjar.jar","sha256":"ab","size_bytes":7}],"#
            + #""component_executors":{"__acker":2,"split":4},"component_tasks":{"__acker":2,"split":8},"#
            + #""id":"wc-1-1700000000","name":"wc","owner":"ann","previous_status":"ACTIVE","status":"KILLED","#
            + #""submitted_at_ms":1700000000000,"version":1,"workers":2}"#
        let encoded = try RecordCodec.encode(record)
        #expect(String(decoding: encoded, as: UTF8.self) == golden)
        #expect(try RecordCodec.decode(StormBaseRecord.self, encoded, path: "/x") == record)
    }

    @Test func assignmentHasItsDocumentedForm() throws {
        let record = AssignmentRecord(
            topologyID: "t", codeSHA256: "cd",
            workers: [
                WorkerAssignment(
                    node: "n", host: "h", port: 6700,
                    executors: [ExecutorRange(TaskID(7), TaskID(7)), ExecutorRange(TaskID(1), TaskID(4))],
                    startedAtMilliseconds: 5, incarnation: 1)
            ])
        let golden =
            #"{"code_sha256":"cd","generation":1,"topology_id":"t","version":1,"workers":[{"executors":"1-4,7","host":"h","#
            + #""incarnation":1,"node":"n","port":6700,"started_at_ms":5}]}"#
        #expect(String(decoding: try RecordCodec.encode(record), as: UTF8.self) == golden)
        #expect(try RecordCodec.decode(AssignmentRecord.self, bytes(golden), path: "/x") == record)
    }

    @Test func workerBeatRoundTrips() throws {
        var counts = ExecutorCounts()
        counts.executed = ["spout:default": 12]
        counts.executeMilliseconds = ["spout:default": 0.25]
        let record = WorkerBeatRecord(
            topologyID: "t", node: "n", host: "h", port: 1, pid: 2, incarnation: 3, state: .running,
            timeMilliseconds: 4,
            uptimeSeconds: 5,
            executors: [
                ExecutorBeat(
                    executor: ExecutorRange(TaskID(1), TaskID(2)), component: "split", isSpout: false, uptimeSeconds: 5,
                    windows: [ExecutorBeat.allTime: counts])
            ], residentBytes: 6, cpuSeconds: 0.5)
        let decoded = try RecordCodec.decode(WorkerBeatRecord.self, RecordCodec.encode(record), path: "/x")
        #expect(decoded == record)
    }

    @Test func unknownFieldsSurviveARewrite() throws {
        let text =
            #"{"host":"h","pid":1,"port":6627,"started_at_ms":1,"storm_version":"1","version":1,"zone":{"a":[1,2.5,null,true]}}"#
        var record = try RecordCodec.decode(NimbusRecord.self, bytes(text), path: "/x")
        record.pid = 2
        let rewritten = String(decoding: try RecordCodec.encode(record), as: UTF8.self)
        #expect(rewritten == text.replacing(#""pid":1"#, with: #""pid":2"#))
    }

    @Test func newerVersionIsRefusedWithAClearText() {
        #expect(
            throws: ClusterRecordError(
                .newerVersion, "/nimbuses/x", "it has version 2, this program knows 1 at most; upgrade this daemon")
        ) { try RecordCodec.decode(NimbusRecord.self, bytes(#"{"version":2,"anything":[]}"#), path: "/nimbuses/x") }
    }

    @Test(arguments: ["", "\u{7}", "[]", #"{"version":1}"#, #"{"version":"x"}"#])
    func malformedRecordsAreRefused(text: String) {
        #expect(throws: ClusterRecordError.self) { try RecordCodec.decode(NimbusRecord.self, bytes(text), path: "/x") }
    }

    @Test(arguments: ["1-", "a", "4-1", "0", "1-2-3", "1,x", "-1"])
    func malformedExecutorListsAreRefused(text: String) { #expect(ExecutorList(text) == nil) }

    @Test(arguments: ["split", "a/b", "ü ber", "..", ".", "a%2Fb", "x:y", "-last"])
    func escapedNamesComeBack(name: String) {
        let escaped = ClusterPaths.escape(name)
        #expect(!escaped.contains("/") && escaped != "." && escaped != "..")
        #expect(ClusterPaths.unescape(escaped) == name)
    }

    @Test func slotNamesWithDashesAreRead() {
        #expect(WorkerSlot(pathName: "ab-12-cd-6700") == WorkerSlot(node: "ab-12-cd", port: 6700))
        #expect(WorkerSlot(pathName: "6700") == nil)
        #expect(WorkerSlot(pathName: "n-x") == nil)
    }
}
