import CheckerLog
import Testing

@Suite struct TimelineTests {
    /// One arrival each millisecond in each range of milliseconds.
    private func timeline(_ ranges: Range<Int>...) -> Timeline {
        Timeline(ranges.flatMap { $0.map { Int64($0) * 1000 } }.shuffled())
    }

    @Test func theLongestSilenceAfterTheIncidentIsFound() throws {
        let recovery = try #require(
            timeline(0..<5000, 6200..<7000, 7100..<20_000).recovery(afterMicroseconds: 5_000_000))
        #expect(recovery.longestGap == 1200)
        #expect(recovery.flowsAgain == 1200)
        #expect(recovery.rateBefore == 1000)
        #expect(recovery.fullRate == 2100)
        #expect(recovery.slowSeconds == 1)
    }

    @Test func theFirstOfTwoSimilarSilencesIsTakenForTheIncidents() throws {
        let recovery = try #require(timeline(0..<5000, 5200..<7000, 7250..<9000).recovery(afterMicroseconds: 5_000_000))
        #expect(recovery.longestGap == 251)
        #expect(recovery.flowsAgain == 200)
    }

    @Test func silenceBeforeTheIncidentDoesNotCount() throws {
        let recovery = try #require(timeline(0..<1000, 4000..<9000).recovery(afterMicroseconds: 5_000_000))
        #expect(recovery.longestGap == 1)
    }

    @Test func anIncidentThatStopsNothingIsOverAtOnce() throws {
        let recovery = try #require(timeline(0..<9000).recovery(afterMicroseconds: 5_000_000))
        #expect(recovery.longestGap == 1)
        #expect(recovery.flowsAgain == 0)
        #expect(recovery.fullRate == 0)
        #expect(recovery.slowSeconds == 0)
    }

    @Test func aRateThatNeverComesBackIsNotFull() throws {
        let slow = (0..<200).map { Int64(5_000_000 + $0 * 50_000) }
        let recovery = try #require(
            Timeline((0..<5000).map { Int64($0) * 1000 } + slow).recovery(afterMicroseconds: 5_000_000))
        #expect(recovery.fullRate == nil)
        #expect(recovery.slowSeconds == 9)
    }

    @Test func nothingAfterTheIncidentIsNoRecovery() {
        #expect(timeline(0..<1000).recovery(afterMicroseconds: 5_000_000) == nil)
        #expect(timeline(0..<0).longestGapMilliseconds == nil)
    }
}
