import StormCluster
import StormCore
import Testing

@testable import StormWorker

@Suite struct TallyHistoryTests {
    private let executor = ExecutorRange(TaskID(1), TaskID(1))

    private func tally(_ emitted: Int64) -> ExecutorTally {
        var tally = ExecutorTally()
        tally.emitted = ["default": emitted]
        tally.executed = ["a:default": emitted]
        tally.execute = .init(nanoseconds: emitted * emitted * 1_000_000, count: emitted)
        return tally
    }

    @Test func windowsLongerThanTheUptimeAreLeftOut() {
        let history = TallyHistory()
        for second in stride(from: 0, through: 600, by: 30) {
            let windows = history.windows([executor: tally(Int64(second))], uptimeSeconds: second)
            #expect(windows[executor]?.keys.sorted() == [":all-time"])
            #expect(windows[executor]?[":all-time"]?.emitted == ["default": Int64(second)])
        }
    }

    @Test func aWindowHoldsWhatHappenedInIt() throws {
        let history = TallyHistory()
        var last: [String: ExecutorCounts] = [:]
        for second in stride(from: 0, through: 20_000, by: 60) {
            last = try #require(
                history.windows([executor: tally(Int64(second))], uptimeSeconds: second)[executor])
            guard second > 600 else { continue }
            // One each second: a window is up to a twentieth shorter than its name.
            let count = try #require(last["600"]?.emitted["default"])
            #expect(count > 540 && count <= 600)
        }
        #expect(Set(last.keys) == ["600", "10800", ":all-time"])
        let count = try #require(last["10800"]?.emitted["default"])
        #expect(count > 10_200 && count <= 10_800)
        #expect(last[":all-time"]?.emitted["default"] == 19_980)
        // Latencies are of the window too: the sum's difference by the count's.
        let (now, then) = (19_980.0, 19_980.0 - Double(try #require(last["600"]?.executed["a:default"])))
        let mean = (now * now - then * then) / (now - then)
        #expect(abs(try #require(last["600"]?.executeMilliseconds["a:default"]) - mean) < 0.001)
    }

    @Test func anExecutorThatCameLaterStartsFromNothing() {
        let history = TallyHistory()
        for second in stride(from: 0, through: 900, by: 30) { _ = history.windows([:], uptimeSeconds: second) }
        let windows = history.windows([executor: tally(7)], uptimeSeconds: 901)
        #expect(windows[executor]?["600"]?.emitted == ["default": 7])
    }
}
