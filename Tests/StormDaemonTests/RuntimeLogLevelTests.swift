import Logging
import StormCore
import Synchronization
import Testing

@testable import StormDaemon

private final class CountingSink: LogSink {
    private let held = Mutex<[String]>([])
    var count: Int { held.withLock { $0.count } }
    func write(_ line: String) { held.withLock { $0.append(line) } }
}

@Suite struct RuntimeLogLevelTests {
    private let levels = RuntimeLogLevels()
    private let sink = CountingSink()

    private func logger(_ label: String = "worker", component: String? = nil) -> Logger {
        let (levels, sink) = (levels, sink)
        var logger = Logger(label: label) {
            StormLogHandler(label: $0, level: .info, format: .text, sink: sink, levels: levels)
        }
        if let component { logger[key: .componentID] = "\(component)" }
        return logger
    }

    @Test func aComponentsLevelReachesTheLoggersItHasAlready() {
        let (split, count) = (logger(component: "split"), logger(component: "count"))
        levels.set(["split": .debug])
        #expect(split.logLevel == .debug && count.logLevel == .info)
        levels.set([:])
        #expect(split.logLevel == .info)
    }

    @Test func theNearestNameCounts() {
        levels.set(["root": .error, "a.b": .trace, "split": .warning, "worker": .debug])
        #expect(logger("a.b.c").logLevel == .trace)
        #expect(logger("a.bc").logLevel == .error)
        #expect(logger(component: "split").logLevel == .warning)
        #expect(logger(component: "count").logLevel == .debug)
    }

    @Test func aLevelThatCodeHasSetGivesWayAndComesBack() {
        var log = logger(component: "split")
        log.logLevel = .error
        levels.set(["ROOT": .debug])
        #expect(log.logLevel == .debug)
        levels.set([:])
        #expect(log.logLevel == .error)
    }

    @Test func offWritesNothingAtAll() {
        levels.set(["ROOT": .off])
        logger().critical("x")
        #expect(sink.count == 0)
        levels.set(["ROOT": .critical])
        logger().critical("x")
        #expect(sink.count == 1)
    }

    @Test func loggersOfEverNewNamesShareTheLevelOfAll() {
        for number in 0..<10_000 { _ = logger("name-\(number)") }
        levels.set(["ROOT": .debug])
        #expect(logger("one more").logLevel == .debug)
    }

    @Test(arguments: [
        ("ALL", LogThreshold.trace), ("warn", .warning), ("FATAL", .critical), ("Off", .off), ("notice", .notice),
    ])
    func stormsNamesAndOursAreUnderstood(name: String, level: LogThreshold) {
        #expect(LogThreshold(name: name) == level)
        #expect(LogThreshold(name: level.stormName) == level)
    }
}
