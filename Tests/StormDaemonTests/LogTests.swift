import Foundation
import Logging
import StormCore
@testable import StormDaemon
import StormTestSupport
import Synchronization
import Testing

private final class MemorySink: LogSink {
    private let held = Mutex<[String]>([])
    var lines: [String] { held.withLock { $0 } }
    func write(_ line: String) { held.withLock { $0.append(line) } }
}

@Suite struct LogTests {
    private let sink = MemorySink()

    private func logger(_ format: LogFormat, level: Logger.Level = .info) -> Logger {
        let sink = sink
        return Logger(label: "nimbus") {
            StormLogHandler(label: $0, level: level, format: format, sink: sink) { LogTime(millisecondsSince1970: 0) }
        }
    }

    @Test func aTextRecordIsOneLineWithItsMetadataInOrder() {
        var log = logger(.text)
        log[key: .topologyID] = "wc-1-17"
        log.info("submitted", metadata: .of([.count: "4", .reason: "two words"]))
        #expect(
            sink.lines == [
                "1970-01-01T00:00:00.000Z INFO  nimbus: submitted  count=4 reason=\"two words\" topology.id=wc-1-17\n"
            ])
    }

    @Test func lineEndsInsideARecordAreEscaped() {
        logger(.text).warning("a\nb\u{1b}[31m", metadata: .of([.error: "x\ny"]))
        #expect(sink.lines == [#"1970-01-01T00:00:00.000Z WARN  nimbus: a\nb\u001b[31m  error="x\ny""# + "\n"])
    }

    @Test func aJSONRecordIsOneObject() throws {
        logger(.json).error("say \"hi\"\n", metadata: .of([.host: "h1"]))
        let object = try JSONDecoder().decode([String: String].self, from: Data(sink.lines[0].utf8))
        #expect(
            object == [
                "time": "1970-01-01T00:00:00.000Z", "level": "error", "logger": "nimbus", "message": "say \"hi\"\n",
                "host": "h1",
            ])
    }

    @Test func recordsBelowTheLevelAreNotWritten() {
        let log = logger(.text, level: .warning)
        log.info("quiet")
        log.warning("loud")
        #expect(sink.lines.count == 1)
    }

    @Test func longTextsAreCut() {
        logger(.text).info("\(String(repeating: "x", count: 100_000))")
        #expect(sink.lines[0].utf8.count < 17_000)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_001, "2024-02-29T23:59:59.001Z"),
        (1_798_761_599_500, "2026-12-31T23:59:59.500Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ])
    func timesAreWrittenInUTC(milliseconds: Int, text: String) {
        #expect(LogTime(millisecondsSince1970: milliseconds).description == text)
    }

    @Test func aFileIsRotatedBeforeItGrowsOverItsSizeAndOldOnesGo() throws {
        let folder = try TemporaryFolder()
        let file = try RotatingFileSink(path: folder.path + "/d.log", bytesMax: 20, filesMax: 2)
        for number in 0..<8 { file.write("line-\(number)--\n") }  // 9 bytes each, two fit
        #expect(try folder.names == ["d.log", "d.log.1", "d.log.2"])
        #expect(try folder.read("d.log") == "line-6--\nline-7--\n")
        #expect(try folder.read("d.log.1") == "line-4--\nline-5--\n")
        #expect(try folder.read("d.log.2") == "line-2--\nline-3--\n")
    }

    @Test func aFileGoesOnWhereAnEarlierProcessStopped() throws {
        let folder = try TemporaryFolder()
        try folder.write("0123456789", to: "d.log")
        let file = try RotatingFileSink(path: folder.path + "/d.log", bytesMax: 12, filesMax: 1)
        file.write("x\n")
        #expect(try folder.read("d.log") == "0123456789x\n")
        file.write("y\n")
        #expect(try folder.read("d.log") == "y\n")
        #expect(try folder.read("d.log.1") == "0123456789x\n")
    }

    @Test func manyThreadsLoseNoLine() async throws {
        let folder = try TemporaryFolder()
        let file = try RotatingFileSink(path: folder.path + "/d.log", bytesMax: 1 << 20, filesMax: 1)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 { group.addTask { for line in 0..<200 { file.write("\(task) \(line)\n") } } }
        }
        let lines = try folder.read("d.log").split(separator: "\n")
        #expect(Set(lines).count == 1600 && lines.count == 1600)
    }

    @Test func aFileThatCannotBeOpenedSaysWhyAndWhatToDo() {
        let error = #expect(throws: RotatingFileSink.OpenFailure.self) {
            try RotatingFileSink(path: "/nonexistent/d.log", bytesMax: 1, filesMax: 1)
        }
        #expect(error?.description.hasPrefix("cannot open the log file /nonexistent/d.log: No such file") == true)
    }

    @Test func theConfigurationChoosesLevelFormatAndFile() throws {
        let folder = try TemporaryFolder()
        let config = try Config.resolve([
            ConfigLayer(
                [
                    "storm.log.dir": .string(folder.path + "/a/b"), "storm.log.level": "debug",
                    "storm.log.format": "json",
                ],
                from: .program("test"))
        ])
        let setup = try LogSetup(config: config, target: .file(name: "nimbus.log"))
        setup.logger("nimbus").debug("x")
        #expect(try folder.read("a/b/nimbus.log").hasSuffix("\"message\":\"x\"}\n"))
        #expect(LogSetup.folder(.defaults) == "storm-local/logs")
    }

    @Test func withTheConsoleEachLineGoesToBothPlaces() {
        let (file, console) = (MemorySink(), MemorySink())
        let both = DoubleSink(first: file, second: console)
        both.write("one\n")
        both.write("two\n")
        #expect(file.lines == ["one\n", "two\n"] && console.lines == file.lines)
        #expect(LogSetup.sink(file, withConsole: true) is DoubleSink)
        #expect(LogSetup.sink(file, withConsole: false) is MemorySink)
        #expect(!Config.defaults[.stormLogConsole])
    }

    @Test func noticesBecomeWarningsAndInformation() throws {
        let config = try Config.resolve([
            ConfigLayer(["topology.wokers": 1, "ui.childopts": "-X"], from: .program("test"))
        ])
        let log = RecordingLog()
        log.logger().tell(config.notices)
        #expect(log.records.map(\.level) == [.warning, .info])
        #expect(log.records.map { $0.metadata["config.key"] } == ["topology.wokers", "ui.childopts"])
    }
}
