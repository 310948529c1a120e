import FoundationEssentials
import StormCore
import StormRuntime
import StormTestSupport
import Testing

@testable import StormLogs

/// Where the links of Storm's REST interface lead.
@Suite struct LogLinkPagesTests {
    private let folder: TemporaryFolder
    private let pages: LogLinkPages

    init() throws {
        folder = try TemporaryFolder()
        pages = LogLinkPages(logs: folder.path)
    }

    private func get(_ path: String, _ query: [String: String]) async throws -> (status: Int, text: String) {
        let page = try #require(await pages.page("/api/v1/\(path)", query: query))
        return (page.status, String(decoding: page.body, as: UTF8.self))
    }

    @Test func aWorkersLogIsFoundByTheNameInTheLink() async throws {
        try folder.write("one\ntwo\n", to: "workers-artifacts/wc-1-1/6700/worker.log")
        let (status, text) = try await get("log", ["file": "wc-1-1/6700/worker.log"])
        #expect(status == 200 && text == "one\ntwo\n")
        #expect(try await get("log", ["file": "wc-1-1/6700/worker.log", "grep": "tw"]).text == "two\n")
        #expect(try await get("log", ["file": "wc-1-1/6700/worker.log", "start": "4"]).text == "two\n")
        #expect(try await get("log", ["file": "wc-1-1/6700/worker.log", "start": "0", "length": "3"]).text == "one")
        // The end, from the beginning of a line on.
        #expect(try await get("log", ["file": "wc-1-1/6700/worker.log", "length": "6"]).text == "two\n")
        #expect(try await get("log", ["file": "wc-1-1/6701/worker.log"]).status == 404)
    }

    @Test func anIdIsTakenAsItIs() async throws {
        try folder.write("x\n", to: "workers-artifacts/my%20w%C3%B6rds-1-1/6700/worker.log")
        #expect(try await get("log", ["file": "my wörds-1-1/6700/worker.log"]).text == "x\n")
        #expect(try await get("log", ["file": "my%20w%C3%B6rds-1-1/6700/worker.log"]).text == "x\n")
    }

    @Test func foldersOfSeveralDaemonsAreLookedThrough() async throws {
        try folder.write("a\n", to: "supervisor-2/workers-artifacts/wc-1-1/6700/worker.log")
        #expect(try await get("log", ["file": "wc-1-1/6700/worker.log"]).text == "a\n")
        try folder.write("n\n", to: "nimbus/nimbus.log")
        #expect(try await get("daemonlog", ["file": "nimbus.log"]).text == "n\n")
        try folder.write("1\n", to: "supervisor-1/supervisor.log")
        try folder.write("2\n", to: "supervisor-2/supervisor.log")
        let both = "==> supervisor-1/supervisor.log <==\n1\n\n==> supervisor-2/supervisor.log <==\n2\n"
        #expect(try await get("daemonlog", ["file": "supervisor.log"]).text == both)
    }

    @Test(arguments: [
        ("log", "../../etc/passwd"), ("log", "wc-1-1/6700/../../nimbus.log"), ("daemonlog", "../nimbus.log"),
        ("daemonlog", "/etc/passwd"), ("daemonlog", "storm.yaml"), ("daemonlog", "nimbus.log/x"), ("daemonlog", ""),
        ("daemonlog", "workers-artifacts/a/1/worker.log"),
    ])
    func whatIsNoNameOfALogIsRefused(page: String, file: String) async throws {
        #expect(try await get(page, ["file": file]).status == 400)
    }

    @Test func whatALogHoldsIsShownAsTextAndNotAsAPage() async throws {
        try folder.write("<script>alert(1)</script>\n", to: "workers-artifacts/wc-1-1/6700/worker.log")
        let page = try #require(await pages.page("/api/v1/log", query: ["file": "wc-1-1/6700/worker.log"]))
        #expect(page.contentType == "text/plain; charset=utf-8")
        #expect(String(decoding: page.body, as: UTF8.self) == "<script>alert(1)</script>\n")
    }

    @Test func aSymbolicLinkOutOfTheFolderIsNotFollowed() async throws {
        let outside = try TemporaryFolder()
        let secret = try outside.write("secret\n", to: "worker.log")
        try folder.write("x\n", to: "workers-artifacts/wc-1-1/6700/worker.log.1")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/workers-artifacts/wc-1-1/6700/worker.log", withDestinationPath: secret)
        try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/nimbus.log", withDestinationPath: secret)
        #expect(try await get("log", ["file": "wc-1-1/6700/worker.log"]).status == 404)
        #expect(try await get("daemonlog", ["file": "nimbus.log"]).status == 404)
        // It was there all the time.
        #expect(try outside.read("worker.log") == "secret\n")
    }

    @Test(arguments: [["start": "-1"], ["length": "many"], ["start": "1.5"], ["grep": "/[/"]])
    func aRangeThatIsNoneIsRefused(part: [String: String]) async throws {
        try folder.write("one\n", to: "nimbus.log")
        let query = part.merging(["file": "nimbus.log"]) { $1 }
        #expect(try await get("daemonlog", query).status == 400)
    }

    @Test func aRangeBehindTheEndIsEmptyAndOneAcrossItEndsThere() async throws {
        try folder.write("one\ntwo\n", to: "nimbus.log")
        #expect(try await get("daemonlog", ["file": "nimbus.log", "start": "100"]).text.isEmpty)
        #expect(try await get("daemonlog", ["file": "nimbus.log", "start": "4", "length": "100"]).text == "two\n")
        #expect(try await get("daemonlog", ["file": "nimbus.log", "length": "100"]).text == "one\ntwo\n")
    }

    @Test func otherPagesAreNoneOfItsBusiness() async {
        #expect(await pages.page("/api/v1/search", query: [:]) == nil)
    }
}
