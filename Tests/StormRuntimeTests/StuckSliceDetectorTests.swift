import Testing

@testable import StormRuntime

@Suite struct StuckSliceDetectorTests {
    private func loops(_ phases: UInt64...) -> [StuckSliceDetector.Observation] {
        phases.enumerated().map { .init(loop: $0, phase: $1) }
    }

    @Test func aSliceThatTwoChecksFindWithOthersBehindItIsStuck() {
        var detector = StuckSliceDetector()
        #expect(detector.check(loops(7, 3), othersWait: { _ in true }).isEmpty)
        #expect(detector.check(loops(7, 5), othersWait: { _ in true }) == [.init(loop: 0, phase: 7)])
    }

    @Test func aLoopBetweenSlicesIsNeverStuck() {
        var detector = StuckSliceDetector()
        for _ in 0..<5 { #expect(detector.check(loops(6), othersWait: { _ in true }).isEmpty) }
    }

    @Test func aLongSliceIsLeftAloneUntilSomebodyWaits() {
        var detector = StuckSliceDetector()
        for _ in 0..<5 { #expect(detector.check(loops(9), othersWait: { _ in false }).isEmpty) }
        #expect(detector.check(loops(9), othersWait: { _ in true }).count == 1)
    }

    @Test func manyShortSlicesAreNotStuck() {
        var detector = StuckSliceDetector()
        for slice in 0..<20 {
            #expect(detector.check(loops(UInt64(2 * slice + 1)), othersWait: { _ in true }).isEmpty)
        }
    }

    @Test func itIsQuietOnlyWhenNothingRanForSomeChecks() {
        var detector = StuckSliceDetector()
        func check(_ phase: UInt64) -> Bool {
            _ = detector.check(loops(phase), othersWait: { _ in false })
            return detector.isQuiet
        }
        #expect([check(4), check(4), check(4), check(4)] == [false, false, false, true])
        #expect(check(4))
        // Work between two checks, seen by its count alone.
        #expect(!check(6))
        #expect([check(6), check(6), check(6)] == [false, false, true])
        // A slice that never ends keeps the watchdog awake.
        #expect([check(7), check(7), check(7), check(7)] == [false, false, false, false])
    }
}
