import Testing

@testable import StormMultilang

@Suite struct WaitingTimeTests {
    @Test func itIsTheSumOfTheTimesAndOfTheOneThatGoesOn() {
        var time = WaitingTime()
        time.set(true, now: 100)
        time.set(true, now: 130)
        time.set(false, now: 150)
        time.set(false, now: 180)
        #expect(time.nanoseconds(now: 200) == 50)
        time.set(true, now: 300)
        #expect(time.nanoseconds(now: 310) == 60)
    }

    /// On a busy machine what a child printed often still waited when the next wait began, and then all of that counted: a
    /// child that prints for ever was never ended.
    @Test func ofAChildThatPrintsAllTheTimeOnlyTheWaitForItsReaderCounts() throws {
        let link = try ChildLink()
        link.begin([])
        link.received([1])
        let start = Monotonic.now
        while Monotonic.now - start < 2_000_000 {}
        _ = link.take()
        let waited = link.keptWaitingNanoseconds(now: Monotonic.now)
        #expect(waited >= 2_000_000)
        // Nothing waits now.
        #expect(link.keptWaitingNanoseconds(now: Monotonic.now + 1_000_000_000) == waited)
        link.note(awaitsAnswer: false, isHeldUp: true)
        #expect(link.keptWaitingNanoseconds(now: Monotonic.now + 1_000_000_000) >= waited + 1_000_000_000)
    }
}
