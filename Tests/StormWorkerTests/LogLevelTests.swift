import StormCluster
import StormCore
import StormRuntime
import StormTestKit
import StormTestSupport
import Testing

@testable import StormWorker

@Suite struct LogLevelTests {
    private typealias Level = LogConfigRecord.Level

    @Test func whatHasRunOutAndWhatNobodyKnowsIsNotInForce() {
        let record = LogConfigRecord(levels: [
            "a": Level(level: "debug", expiresAtMilliseconds: 100),
            "b": Level(level: "warning", expiresAtMilliseconds: 300),
            "c": Level(level: "off", expiresAtMilliseconds: nil),
            "d": Level(level: "shout", expiresAtMilliseconds: nil),
            "e": Level(level: "info", expiresAtMilliseconds: 200),
        ])
        let plan = LogLevelPlan(record, now: 100)
        #expect(plan.levels == ["b": .warning, "c": .off, "e": .info])
        #expect(plan.nextEndMilliseconds == 200)
        #expect(LogLevelPlan(nil, now: 0) == LogLevelPlan(LogConfigRecord(levels: [:]), now: 0))
    }

    @Test func aWorkerTakesWhatIsInForceFollowsChangesAndEndsThemByItself() async throws {
        let server = InMemoryCoordinationServer()
        let admin = ClusterState(server.connect())
        try await admin.prepare()
        try await admin.logConfigs.put(
            "t-1-1", LogConfigRecord(levels: ["a": Level(level: "debug", expiresAtMilliseconds: nil)]))
        let (seen, clock) = (Observation<[String: LogThreshold]?>(nil), SetClock())
        let watch = LogLevelWatch(
            store: server.connect(), topologyID: "t-1-1", clock: clock, lookInterval: .milliseconds(5),
            logger: RecordingLog().logger(), apply: { seen.set($0) })
        let running = Task { await watch.run() }
        defer { running.cancel() }
        try await eventually("what was set before is taken") { seen.current == ["a": .debug] }
        try await admin.logConfigs.put(
            "t-1-1", LogConfigRecord(levels: ["ROOT": Level(level: "error", expiresAtMilliseconds: 1000)]))
        try await eventually("a change counts") { seen.current == ["ROOT": .error] }
        clock.milliseconds.set(999)
        try await admin.logConfigs.update("t-1-1") { $0.levels["b"] = Level(level: "off", expiresAtMilliseconds: nil) }
        try await eventually("it lasts as long as it should") { seen.current == ["ROOT": .error, "b": .off] }
        clock.milliseconds.set(1000)
        try await eventually("it ends by itself") { seen.current == ["b": .off] }
        try await admin.logConfigs.delete("t-1-1")
        try await eventually("a record that is gone sets nothing") { seen.current == [:] }
    }

    /// A wall clock that stands still until it is set.
    private final class SetClock: TimeSource {
        let milliseconds = Observation<Int64>(0)

        func monotonicNanoseconds() -> Int64 { 0 }
        func epochMilliseconds() -> Int64 { milliseconds.current }
    }
}
