import Foundation
import StormCore
import StormLogs
import StormTestSupport
import Testing

@Suite struct LogCleanupTests {
    private func file(_ topology: String, _ rotation: Int, bytes: Int, modified: Int64, port: Int = 6700) -> LogFileInfo
    {
        let name = LogFileName(topologyID: topology, port: port, stream: .log, rotation: rotation)
        return LogFileInfo(
            file: "\(name)", port: port, stream: .log, rotation: rotation, id: "\(name)", bytes: bytes,
            modifiedMilliseconds: modified)
    }

    private func due(_ files: [LogFileInfo], live: Bool, age: Int64 = 1000, worker: Int = 1000, sum: Int = 1000)
        -> [String]
    {
        LogCleanup(.init(ageMilliseconds: age, workerBytesMax: worker, sumBytesMax: sum)).due(
            [LogListing(topologyID: "wc-1-1", files: files)],
            live: live ? [.init(topologyID: "wc-1-1", port: 6700)] : [], now: 5000)
    }

    @Test func whatIsTooOldGoesUnlessAWorkerWritesToIt() {
        let files = [file("wc-1-1", 1, bytes: 1, modified: 3999), file("wc-1-1", 0, bytes: 1, modified: 3999)]
        #expect(due(files, live: true) == ["wc-1-1/6700/worker.log.1"])
        #expect(due(files, live: false) == ["wc-1-1/6700/worker.log", "wc-1-1/6700/worker.log.1"])
        #expect(due([file("wc-1-1", 1, bytes: 1, modified: 4000)], live: false) == [])
    }

    @Test func theOldestOfAWorkerWithTooMuchGo() {
        let files = (0..<4).map { file("wc-1-1", $0, bytes: 400, modified: 4900 - Int64($0)) }
        #expect(due(files, live: true, sum: 9999) == ["wc-1-1/6700/worker.log.2", "wc-1-1/6700/worker.log.3"])
    }

    @Test func theOldestOfAllGoWhenThereIsTooMuchAltogether() {
        let files = [
            file("wc-1-1", 0, bytes: 600, modified: 4100), file("wc-1-1", 0, bytes: 300, modified: 4200, port: 6701),
            file("wc-1-1", 0, bytes: 300, modified: 4300, port: 6702),
        ]
        #expect(due(files, live: false) == ["wc-1-1/6700/worker.log"])
        // The first one is in use: the next oldest goes instead.
        #expect(due(files, live: true) == ["wc-1-1/6701/worker.log"])
    }

    private struct FixedTime: TimeSource {
        func monotonicNanoseconds() -> Int64 { 0 }
        func epochMilliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) + 100_000 }
    }

    @Test func aCleanerDeletesFilesAndFoldersThatAreEmptyThen() throws {
        let folder = try TemporaryFolder()
        try folder.write("x\n", to: "logs/workers-artifacts/wc-1-1/6700/worker.log")
        try folder.write("x\n", to: "logs/workers-artifacts/wc-1-1/6701/worker.log")
        try folder.write("x\n", to: "logs/workers-artifacts/wc-1-1/6701/worker.log.1")
        try folder.write("x\n", to: "logs/workers-artifacts/wc-1-1/6701/notes.txt")
        try folder.write(#"{"topology_id":"wc-1-1","port":6701}"#, to: "workers/w1/worker.json")
        let cleaner = LogCleaner(
            LogFolder(logs: folder.path + "/logs"), workers: folder.path + "/workers",
            limits: .init(ageMilliseconds: 60_000, workerBytesMax: 1 << 20, sumBytesMax: 1 << 20),
            interval: .seconds(1), clock: FixedTime())
        #expect(cleaner.clean().deleted == ["wc-1-1/6700/worker.log", "wc-1-1/6701/worker.log.1"])
        let left = try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/logs/workers-artifacts").sorted()
        #expect(left == ["wc-1-1", "wc-1-1/6701", "wc-1-1/6701/notes.txt", "wc-1-1/6701/worker.log"])
    }
}
