import StormLogs
import Testing

@Suite struct LogFileNameTests {
    @Test(arguments: [
        "wc-1-17/6700/worker.log", "wc-1-17/6700/worker.log.3", "wc-1-17/1/worker.log.out",
        "a%20b-1-2/65535/worker.log.err.1",
    ])
    func aNameIsWhatItWasMadeFrom(text: String) throws {
        #expect(try #require(LogFileName(text)).description == text)
    }

    @Test(arguments: [
        "", "worker.log", "wc/6700", "/wc/6700/worker.log", "wc/6700/worker.log/", "../6700/worker.log",
        "./6700/worker.log",
        "wc/../worker.log", "wc/6700/../../etc/passwd", "wc/6700/worker.json", "wc/6700/worker.log.0",
        "wc/6700/worker.log.01", "wc/6700/worker.log.99999", "wc/0/worker.log", "wc/70000/worker.log",
        "wc/06700/worker.log", "wc/+6700/worker.log", "a b/6700/worker.log", "%2E%2E%2Fetc/6700/worker.log/..",
        "wc/6700/worker.log\u{0}", "w\u{0}c/6700/worker.log", "%2e%2e/6700/worker.log",
    ])
    func whatLeadsElsewhereIsNoName(text: String) {
        #expect(LogFileName(text) == nil)
    }

    @Test func aNameOfDotsStaysInTheFolder() throws {
        let name = try #require(LogFileName("%2E%2E/6700/worker.log"))
        #expect(name.topologyID == ".." && name.folder == "%2E%2E")
    }
}
