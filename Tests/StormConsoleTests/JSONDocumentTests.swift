import StormConsole
import StormCore
import StormThrift
import Testing

/// The names in the `--json` of each command: they must stay as they are.
@Suite struct JSONDocumentTests {
    private func names(_ document: some Encodable) throws -> String {
        try JSONOutput.line(document)
    }

    @Test func listIsAnArrayOfTopologies() throws {
        let summary = Thrift.TopologySummary(
            id: "wc-1-2", name: "wc", numTasks: 5, numExecutors: 4, numWorkers: 3, uptimeSecs: 2, status: "ACTIVE",
            owner: "ann")
        #expect(
            try names([TopologyRow(summary)])
                == #"[{"executors":4,"id":"wc-1-2","name":"wc","owner":"ann","status":"ACTIVE","tasks":5,"#
                + #""uptime_secs":2,"workers":3}]"#)
    }

    @Test func aChangeOfATopologyIsAnObject() throws {
        let outcome = TopologyOutcome(name: "wc", id: "wc-1-2", status: "REBALANCING", waitSeconds: 5)
        #expect(try names(outcome) == #"{"id":"wc-1-2","name":"wc","status":"REBALANCING","wait_secs":5}"#)
        var limited = outcome
        limited.limited = ["split": 2]
        #expect(
            try names(limited)
                == #"{"id":"wc-1-2","limited":{"split":2},"name":"wc","status":"REBALANCING","wait_secs":5}"#)
        let end = outcome.waited(.init(duration: .milliseconds(1250), status: "ACTIVE"))
        #expect(
            try names(end) == #"{"id":"wc-1-2","name":"wc","status":"ACTIVE","wait_secs":5,"waited_ms":1250}"#)
    }

    @Test func killHasWhatWasKilledAndWhatWasNot() async throws {
        let nimbus = ScriptedNimbus(
            topologies: ["wc"],
            infos: [
                "wc": [
                    Thrift.TopologyInfo(
                        id: "wc-1-2", name: "wc", uptimeSecs: 0, executors: [], status: "ACTIVE", errors: [:])
                ]
            ])
        let outcome = try await TopologyCommands(nimbus: nimbus) { _ in }.kill(
            ["wc", "a/b"], waitSeconds: nil, ignoresErrors: true)
        let text = try names(outcome)
        #expect(text.hasPrefix(#"{"failed":[{"name":"a/b","reason":""#))
        #expect(text.hasSuffix(#""}],"killed":[{"id":"wc-1-2","name":"wc","status":"KILLED"}]}"#))
    }

    @Test func monitorPrintsAnObjectForEachLook() throws {
        var info = Thrift.TopologyInfo()
        info.name = "wc"
        info.executors = [
            Thrift.ExecutorSummary(
                executorInfo: .init(taskStart: 1, taskEnd: 1), componentID: "split", host: "h", port: 1, uptimeSecs: 0)
        ]
        var monitor = ThroughputMonitor(component: "split", stream: "default", watch: .emitted)
        #expect(
            try names(try monitor.row(info, timeMilliseconds: 0))
                == #"{"component":"split","count":0,"elapsed_ms":0,"executors":1,"stream":"default","#
                + #""topology":"wc","tuples_per_sec":0,"watch":"emitted"}"#)
        #expect(try names(ThroughputMonitor.Components(info)) == #"{"components":["split"],"topology":"wc"}"#)
    }

    @Test func aKeyOfTheConfigurationHasItsValueAndASecretHasNone() throws {
        #expect(
            try names(ConfigAnswers.Answer("topology.workers", .int(3))) == #"{"key":"topology.workers","value":3}"#)
        #expect(try names(ConfigAnswers.Answer("none", nil)) == #"{"key":"none","value":null}"#)
        let secret = try names(ConfigAnswers.Answer("my.password", .string("abc")))
        #expect(!secret.contains("abc"))
    }

    @Test func uploadedCredentialsHaveNamesAndNoValues() throws {
        let uploaded = CredentialList.Uploaded("wc", ["user": "alice", "key": "secret"])
        #expect(try names(uploaded) == #"{"keys":["key","user"],"name":"wc"}"#)
    }

    @Test func theVersionHasItsThreeParts() throws {
        #expect(
            try names(StormVersion.current)
                == #"{"branch":"unknown","checksum":"unknown","version":"\#(StormVersion.current.version)"}"#)
    }

    @Test func healthIsAVerdictWithItsScripts() throws {
        let report = HealthCheck.Report(
            healthy: false, scripts: [.init(script: "/a", verdict: "timed_out", reason: "late")])
        #expect(
            try names(report)
                == #"{"healthy":false,"scripts":[{"reason":"late","script":"/a","verdict":"timed_out"}]}"#)
    }

    @Test func blobsHaveKeysAndVersions() throws {
        #expect(
            try names([BlobCommands.Row(key: "a", version: 7, acl: ["o::r--"]), .init(key: "b", exists: false)])
                == #"[{"acl":["o::r--"],"exists":true,"key":"a","version":7},{"exists":false,"key":"b"}]"#)
        #expect(try names(BlobCommands.Replicas(key: "a", replication: 2)) == #"{"key":"a","replication":2}"#)
        #expect(try names(BlobCommands.Written(key: "a", sizeBytes: 3)) == #"{"key":"a","size_bytes":3}"#)
        #expect(try names(BlobCommands.Deleted(deleted: ["a"])) == #"{"deleted":["a"]}"#)
    }
}
