import StormTopology
import StormWire
import Testing

@testable import StormRuntime

@Suite struct FailureJournalTests {
    @Test func causesAreCountedAndTheNewestExamplesKept() {
        var journal = FailureJournal()
        for number in 0..<100 {
            let cause = FailureCause(reason: number.isMultiple(of: 4) ? .timeout : .explicit, component: "count")
            journal.add(.int(number), cause, timeMilliseconds: Int64(number))
        }
        let snapshot = journal.snapshot
        #expect(snapshot.causes.map(\.count) == [75, 25] && snapshot.other == 0)
        #expect(snapshot.examples.map(\.message) == (84..<100).reversed().map { "\($0)" })
    }

    @Test func causesBeyondTheBoundAreCountedTogether() {
        var journal = FailureJournal()
        for number in 0..<200 {
            let cause = FailureCause(reason: .explicit, task: number % 100)
            journal.add(.int(number), cause, timeMilliseconds: 0)
        }
        let snapshot = journal.snapshot
        #expect(snapshot.causes.count == FailureJournal.causesMax)
        #expect(snapshot.other == 2 * (100 - FailureJournal.causesMax))
        #expect(snapshot.causes.reduce(snapshot.other) { $0 + $1.count } == 200)
    }
}
