import StormConsole
import StormCore
import StormNimbus
import Testing

@testable import storm_cli

@Suite struct PreviewTests {
    private let kill = KillPreview(
        name: "wc", id: "wc-1-2", status: "ACTIVE", waitSeconds: nil,
        workers: [.init(host: "h", port: 6700, executors: 3)], executors: 3,
        blobs: [.init(key: "wc-1-2-stormjar.jar", sizeBytes: 1500)], deadLetters: 2)

    @Test func killSaysWhatGoesAndWhatStays() {
        #expect(
            kill.lines == [
                "wc (wc-1-2), ACTIVE: kill would remove", "  workers       1: h:6700", "  executors     3",
                "  blobs         1, 1.5 kB: wc-1-2-stormjar.jar",
                "  after         the topology's own drain or message timeout at most", "and leave",
                "  dead letters  2; storm dlq list wc shows them",
            ])
    }

    @Test func aRebalanceSaysWhichComponentsHaveFewerTasksThanExecutorsWereAskedFor() {
        let tasks = ["__acker": 1, "lines": 1, "split": 2]
        #expect(RebalanceReport.limited(["split": 99, "lines": 1], tasks: tasks) == ["split": 2])
        #expect(RebalanceReport.limited(["split": 2], tasks: tasks) == nil)
        #expect(RebalanceReport.limited([:], tasks: tasks) == nil)
    }

    @Test func killsDocumentKeepsItsNames() throws {
        #expect(
            try JSONOutput.line(kill)
                == #"{"blobs":[{"key":"wc-1-2-stormjar.jar","size_bytes":1500}],"dead_letters":2,"executors":3,"#
                + #""id":"wc-1-2","name":"wc","status":"ACTIVE","#
                + #""workers":[{"executors":3,"host":"h","port":6700}]}"#)
    }
}
