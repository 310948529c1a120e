import CheckerLog
import Testing

/// The checker itself is checked: it finds what it is there to find.
@Suite struct TallyTests {
    /// `count` messages of spout task 0, a millisecond apart: emitted, arrived, acked.
    private func soundRun(_ count: Int) -> [(CheckRecord, CheckComponent)] {
        (0..<count).flatMap { number -> [(CheckRecord, CheckComponent)] in
            let time = Int64(number) * 1000
            return [
                (CheckRecord(.emittedThrough, spout: 0, number: number, timeMicroseconds: time), .numbers),
                (CheckRecord(.arrived, spout: 0, number: number, timeMicroseconds: time + 100), .sink),
                (CheckRecord(.acked, spout: 0, number: number, timeMicroseconds: time + 200), .numbers),
            ]
        }
    }

    private func verdict(_ records: [(CheckRecord, CheckComponent)], incident: Int64? = nil) -> Verdict {
        var tally = Tally()
        for (record, component) in records { tally.add(record, component) }
        return tally.verdict(incident: incident) { "reason \($0)" }
    }

    @Test func aSoundRunHolds() {
        let verdict = verdict(soundRun(100))
        #expect(verdict.holds(isRunning: false))
        #expect(verdict.emitted == 100)
        #expect(verdict.acked == 100)
        #expect(verdict.arrived == 100)
        #expect(verdict.longestGapMilliseconds == 1)
    }

    @Test func anEmptyRunDoesNotHold() {
        #expect(!verdict([]).holds(isRunning: true))
    }

    @Test(arguments: [0, 41, 99])
    func aMessageThatIsAckedButAtNoSinkIsMissing(_ lost: Int) {
        let verdict = verdict(soundRun(100).filter { $0.0.kind != .arrived || $0.0.number != lost })
        #expect(verdict.missing == 1)
        #expect(verdict.missingExamples == ["0/\(lost)"])
        #expect(!verdict.holds(isRunning: true))
    }

    @Test func aMessageThatIsNotAckedIsUnfinishedAndFineOnlyWhileTheRunGoesOn() {
        let verdict = verdict(soundRun(100).filter { $0.0.kind != .acked || $0.0.number != 7 })
        #expect(verdict.unfinished == 1)
        #expect(verdict.missing == 0)
        #expect(verdict.holds(isRunning: true))
        #expect(!verdict.holds(isRunning: false))
    }

    @Test func aMessageThatNobodyEmittedIsInvented() {
        let verdict = verdict(
            soundRun(10) + [(CheckRecord(.arrived, spout: 0, number: 10, timeMicroseconds: 5), .sink)])
        #expect(verdict.invented == 1)
        #expect(!verdict.holds(isRunning: false))
    }

    @Test func aSecondArrivalIsADuplicateAndNoFault() {
        let again = CheckRecord(.arrived, spout: 0, number: 4, timeMicroseconds: 90_000)
        let verdict = verdict(soundRun(10) + [(again, .sink)])
        #expect(verdict.duplicates == 1)
        #expect(verdict.arrived == 11)
        #expect(verdict.holds(isRunning: false))
    }

    @Test func theSameNumbersOfTwoSpoutsAreDifferentMessages() {
        let other = soundRun(5).map { record, component in
            var record = record
            record.spout = 1
            return (record, component)
        }
        let both = verdict(soundRun(10) + other)
        #expect(both.emitted == 15)
        #expect(both.duplicates == 0)
        #expect(both.holds(isRunning: false))
        let withoutArrivals = verdict(soundRun(10) + other.filter { $0.0.kind != .arrived })
        #expect(withoutArrivals.missing == 5)
    }

    @Test func failuresAndReplaysAreCountedFromTheIncidentOn() {
        let extra = [
            CheckRecord(.failed, spout: 0, number: 1, detail: 3, timeMicroseconds: 1000),
            CheckRecord(.replayed, spout: 0, number: 1, timeMicroseconds: 2000),
            CheckRecord(.failed, spout: 0, number: 2, detail: 2, timeMicroseconds: 60_000),
            CheckRecord(.replayed, spout: 0, number: 2, timeMicroseconds: 70_000),
            CheckRecord(.replayed, spout: 0, number: 3, timeMicroseconds: 90_000),
        ].map { ($0, CheckComponent.numbers) }
        let verdict = verdict(soundRun(100) + extra, incident: 50_000)
        #expect(verdict.failedByReason == ["reason 2": 1, "reason 3": 1])
        #expect(verdict.replayed == 3)
        #expect(verdict.incident?.failedAfter == 1)
        #expect(verdict.incident?.replayedAfter == 2)
        #expect(verdict.incident?.firstReplayMilliseconds == 20)
        #expect(verdict.incident?.lastReplayMilliseconds == 40)
    }
}
