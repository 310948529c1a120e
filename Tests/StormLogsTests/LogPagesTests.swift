import StormRuntime
import Foundation
import StormCore
import StormLogs
import StormTestSupport
import Testing

@Suite struct LogPagesTests {
    private let folder: TemporaryFolder
    private let pages: LogPages

    init() throws {
        folder = try TemporaryFolder()
        pages = LogPages(LogFolder(logs: folder.path))
    }

    private func write(_ text: String, _ name: String = "worker.log", topology: String = "wc-1-1") throws {
        try folder.write(text, to: "workers-artifacts/\(topology)/6700/\(name)")
    }

    private func line(_ second: Int, _ text: String, level: String = "INFO ", component: String? = nil) -> String {
        let digits = second < 10 ? "0\(second)" : "\(second)"
        let metadata = component.map { "  component.id=\($0) task.id=3" } ?? ""
        return "2026-11-21T00:00:\(digits).000Z \(level) worker: \(text)\(metadata)\n"
    }

    private func piece(_ query: [String: String]) async throws -> LogPiece {
        let page = try #require(await pages.page("/log", query: query))
        #expect(page.status == 200, "\(String(decoding: page.body, as: UTF8.self))")
        return try JSONDecoder().decode(LogPiece.self, from: Data(page.body))
    }

    private func query(_ cursor: LogCursor, _ more: [String: String] = [:]) -> [String: String] {
        var query = ["file": cursor.file, "offset": "\(cursor.offset)"]
        query["id"] = cursor.id
        query["before_ms"] = cursor.timeMilliseconds.map { "\($0)" }
        return query.merging(more) { $1 }
    }

    private func status(_ query: [String: String]) async -> Int? { await pages.page("/log", query: query)?.status }

    @Test func filesAreListedByPortStreamAndAge() async throws {
        try write("x\n", "worker.log")
        try write("x\n", "worker.log.1")
        try write("xx\n", "worker.log.err")
        try write("x\n", "heap.txt")
        let page = try #require(await pages.page("/logs", query: ["topology": "wc-1-1"]))
        let listing = try JSONDecoder().decode(LogListing.self, from: Data(page.body))
        #expect(
            listing.files.map(\.file)
                == ["wc-1-1/6700/worker.log.1", "wc-1-1/6700/worker.log", "wc-1-1/6700/worker.log.err"])
        #expect(listing.files.map(\.bytes) == [2, 2, 3])
        let all = try #require(await pages.page("/logs", query: [:]))
        let topologies = try JSONDecoder().decode(LogTopologies.self, from: Data(all.body))
        #expect(topologies.topologies.map(\.topologyID) == ["wc-1-1"] && topologies.topologies.first?.bytes == 7)
    }

    @Test func aPieceGivesWholeLinesAndWhereToGoOn() async throws {
        try write(line(1, "one") + line(2, "two", component: "split") + "unfinished")
        let first = try await piece(["file": "wc-1-1/6700/worker.log"])
        #expect(first.lines.map(\.message) == ["one", "two"] && first.isEnd)
        #expect(first.lines[1].component == "split" && first.lines[1].task == "3")
        let next = try #require(first.next)
        #expect(try await piece(query(next)).lines.isEmpty)
        let rest = try await piece(query(next, ["rest": "1"]))
        // It belongs to the line before.
        #expect(rest.lines.map(\.message) == ["unfinished"])
        #expect(rest.lines[0].timeMilliseconds == first.lines[1].timeMilliseconds)
    }

    @Test func readingGoesOnOverARotation() async throws {
        try write(line(1, "one"))
        let first = try await piece(["file": "wc-1-1/6700/worker.log"])
        let place = folder.path + "/workers-artifacts/wc-1-1/6700"
        try FileManager.default.moveItem(atPath: place + "/worker.log", toPath: place + "/worker.log.1")
        let handle = try #require(FileHandle(forWritingAtPath: place + "/worker.log.1"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(line(2, "two").utf8))
        try handle.close()
        try write(line(3, "three"))
        let second = try await piece(query(try #require(first.next)))
        #expect(second.lines.map(\.message) == ["two"] && !second.isEnd)
        let third = try await piece(query(try #require(second.next)))
        #expect(third.lines.map(\.message) == ["three"] && third.isEnd && !third.isGap)
    }

    @Test func aFileThatIsGoneIsAGap() async throws {
        try write(line(3, "three"))
        let piece = try await piece(["file": "wc-1-1/6700/worker.log", "id": "1-2", "offset": "99"])
        #expect(piece.lines.map(\.message) == ["three"] && piece.isGap)
    }

    @Test func whatIsPrintedIsSetAsideWhenItIsLong() async throws {
        try write("0123456789\n", "worker.log.out")
        try write("0123456789\n", "worker.log")
        try write("old\n", "worker.log.out.1")
        let first = try await piece(["file": "wc-1-1/6700/worker.log.out"])
        let logs = LogFolder(logs: folder.path)
        #expect(OutputRotation(logs, bytesMax: 11).run() == [])
        #expect(logs.files("wc-1-1").files.count == 3)
        #expect(OutputRotation(logs, bytesMax: 10, filesMax: 2).run() == [])
        #expect(
            logs.files("wc-1-1").files.map { "\($0.file) \($0.bytes)" } == [
                "wc-1-1/6700/worker.log 11", "wc-1-1/6700/worker.log.out.2 4", "wc-1-1/6700/worker.log.out.1 11",
                "wc-1-1/6700/worker.log.out 0",
            ])
        let handle = try #require(
            FileHandle(forWritingAtPath: folder.path + "/workers-artifacts/wc-1-1/6700/worker.log.out"))
        try handle.write(contentsOf: Data("new\n".utf8))
        try handle.close()
        let next = try await piece(query(try #require(first.next)))
        #expect(next.lines.map(\.message) == ["new"] && next.isGap)
    }

    @Test func filtersAreApplied() async throws {
        try write(
            line(1, "a lost b") + line(2, "fine", level: "WARN ", component: "split")
                + line(3, "c lost", level: "DEBUG")
                + "\tof the line before, lost\n")
        func messages(_ filter: [String: String]) async throws -> [String] {
            try await piece(filter.merging(["file": "wc-1-1/6700/worker.log"]) { $1 }).lines.map(\.message)
        }
        #expect(try await messages(["grep": "lost"]) == ["a lost b", "c lost", "\tof the line before, lost"])
        #expect(try await messages(["grep": "/lost$/"]) == ["c lost", "\tof the line before, lost"])
        #expect(try await messages(["component": "split"]) == ["fine"])
        #expect(try await messages(["level": "info"]) == ["a lost b", "fine"])
        let second = try #require(LogInstant.parse("2026-11-21T00:00:02Z"))
        #expect(try await messages(["since_ms": "\(second)", "level": "info"]) == ["fine"])
    }

    @Test func theNewestLinesComeFirstWhenReadBackwards() async throws {
        try write(line(1, "one"), "worker.log.1")
        try write(line(2, "two") + line(3, "three") + "unfinished")
        let newest = try await piece(["file": "wc-1-1/6700/worker.log", "direction": "back"])
        #expect(newest.lines.map(\.message) == ["two", "three"])
        let older = try await piece(query(try #require(newest.next), ["direction": "back"]))
        #expect(older.lines.map(\.message) == ["one"] && older.next == nil)
        // Forwards from the end it begins with what was not whole.
        let end = try #require(newest.end)
        #expect(try await piece(query(end, ["rest": "1"])).lines.map(\.message) == ["unfinished"])
    }

    /// A long file forwards and backwards, in pieces of the smallest size.
    @Test func piecesTogetherAreTheWholeFile() async throws {
        let texts = (0..<6000).map { "line \($0) " + String(repeating: "x", count: $0 % 97) }
        try write(texts.map { line(1, $0) }.joined())
        var forward: [String] = []
        var cursor: LogCursor? = LogCursor(file: "wc-1-1/6700/worker.log", offset: 0)
        while let at = cursor {
            let piece = try await piece(query(at, ["bytes": "4096"]))
            forward += piece.lines.map(\.message)
            cursor = piece.isEnd ? nil : piece.next
        }
        #expect(forward == texts)
        var backward: [String] = []
        cursor = LogCursor(file: "wc-1-1/6700/worker.log", offset: Int.max)
        while let at = cursor {
            let piece = try await piece(query(at, ["bytes": "4096", "direction": "back"]))
            backward = piece.lines.map(\.message) + backward
            cursor = piece.next
        }
        #expect(backward == texts)
    }

    @Test func aLineWithoutEndIsTakenInParts() async throws {
        try write(String(repeating: "x", count: 200_000), "worker.log.out")
        var bytes = 0
        var cursor: LogCursor? = LogCursor(file: "wc-1-1/6700/worker.log.out", offset: 0)
        while let at = cursor {
            let piece = try await piece(query(at, ["rest": "1"]))
            bytes += piece.lines.reduce(0) { $0 + $1.message.utf8.count }
            #expect(piece.lines.allSatisfy { $0.level == "info" })
            cursor = piece.isEnd ? nil : piece.next
        }
        #expect(bytes == 200_000)
    }

    /// Very many very short lines: the answer is bounded, whatever the piece.
    @Test func anAnswerIsBounded() async throws {
        try write(String(repeating: "\n", count: 1 << 15), "worker.log.out")
        var count = 0
        var cursor: LogCursor? = LogCursor(file: "wc-1-1/6700/worker.log.out", offset: 0)
        while let at = cursor {
            let page = try #require(await pages.page("/log", query: query(at, ["bytes": "4194304"])))
            #expect(page.body.count < 1 << 19)
            let piece = try JSONDecoder().decode(LogPiece.self, from: Data(page.body))
            count += piece.lines.count
            cursor = piece.isEnd ? nil : piece.next
        }
        #expect(count == 1 << 15)
    }

    @Test func linksAreNotFollowed() async throws {
        let secret = try folder.write("secret\n", to: "secret")
        try write("x\n")
        let place = folder.path + "/workers-artifacts/wc-1-1/6700"
        try FileManager.default.createSymbolicLink(atPath: place + "/worker.log.err", withDestinationPath: secret)
        try folder.write("secret\n", to: "elsewhere/6700/worker.log")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/workers-artifacts/linked-1-1", withDestinationPath: folder.path + "/elsewhere")
        #expect(await status(["file": "wc-1-1/6700/worker.log.err"]) == 404)
        #expect(await status(["file": "linked-1-1/6700/worker.log"]) == 404)
        let page = try #require(await pages.page("/logs", query: [:]))
        #expect(!String(decoding: page.body, as: UTF8.self).contains("linked"))
    }

    @Test func whatCannotBeUnderstoodIsRefusedWithAReason() async throws {
        try write("x\n")
        let file = "wc-1-1/6700/worker.log"
        #expect(await status([:]) == 400)
        #expect(await status(["file": "../../etc/passwd"]) == 400)
        #expect(await status(["file": "wc-1-2/6700/worker.log"]) == 404)
        for bad in [
            ["offset": "-1"], ["offset": "x"], ["bytes": "1"], ["bytes": "99999999"], ["level": "loud"],
            ["grep": "/(/"], ["grep": ""], ["direction": "up"], ["since_ms": "now"],
        ] {
            #expect(await status(bad.merging(["file": file]) { $1 }) == 400, "\(bad)")
        }
        #expect(await pages.page("/nothing", query: [:]) == nil)
    }
}
