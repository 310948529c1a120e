import StormRuntime
import StormTestSupport
import Testing

@testable import storm_cli

/// What a log viewer answers besides logs.
@Suite struct LogviewerPagesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func get(_ path: String, logs: String? = nil) async throws -> (status: Int, text: String) {
        let page = try #require(await LogviewerPages(logs: logs ?? folder.path).page(path, query: [:]))
        #expect(page.contentType.hasPrefix("text/plain"))
        return (page.status, String(decoding: page.body, as: UTF8.self))
    }

    @Test func itIsAliveWhetherTheFolderIsThereOrNot() async throws {
        #expect(try await get("/livez").status == 200)
        let (status, text) = try await get("/livez", logs: "\(folder.path)/nowhere")
        #expect(status == 200 && text.hasPrefix("alive: logviewer"))
    }

    @Test func itIsReadyWhenItCanReadTheFolder() async throws {
        let (status, text) = try await get("/readyz")
        #expect(status == 200 && text == "ready: shows \(folder.path)\n")
        let missing = try await get("/readyz", logs: "\(folder.path)/nowhere")
        #expect(missing.status == 503 && missing.text.hasPrefix("not ready: "))
    }

    @Test func itsMetricsAreThoseOfEveryProcess() async throws {
        let lines = try await get("/metrics").text.split(separator: "\n")
        #expect(lines.contains("storm_ready 1"))
        #expect(lines.contains { $0.hasPrefix("storm_build_info{") && $0.contains(#"daemon="logviewer""#) })
        #expect(try await get("/metrics", logs: "\(folder.path)/nowhere").text.contains("\nstorm_ready 0\n"))
    }

    @Test func everyPageOfItsListIsThereAndNoOther() async {
        let pages = LogviewerPages(logs: folder.path)
        for title in pages.titles { #expect(await pages.page(title.path, query: [:]) != nil) }
        #expect(await pages.page("/log", query: [:]) == nil)
    }
}
