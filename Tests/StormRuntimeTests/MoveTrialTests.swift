import Testing

@testable import StormRuntime

@Suite struct MoveTrialTests {
    private static let settle = MoveTrial.settleNanoseconds
    private static let measure = MoveTrial.measureNanoseconds

    /// The verdict when the worker executes `rate` tuples per nanosecond after a move from a rate of 1.
    private func verdict(rate: Double, before: Double = 1) -> MoveTrial.Verdict {
        var trial = MoveTrial(rateBefore: before, movedAt: 0)
        #expect(trial.observe(work: 5, now: Self.settle / 2) == .pending)
        #expect(trial.observe(work: 1000, now: Self.settle) == .pending)
        #expect(trial.observe(work: 2000, now: Self.settle + Self.measure / 2) == .pending)
        return trial.observe(work: 1000 + Int64(rate * Double(Self.measure)), now: Self.settle + Self.measure)
    }

    @Test func aMoveThatBringsATenthMoreIsKept() {
        #expect(verdict(rate: 1.5) == .keep)
        #expect(verdict(rate: 1.11) == .keep)
    }

    @Test func aMoveThatBringsLessIsTakenBack() {
        #expect(verdict(rate: 1.05) == .revert)
        #expect(verdict(rate: 0.8) == .revert)
    }

    @Test func withoutARateToCompareWithTheMoveIsKept() { #expect(verdict(rate: 0, before: 0) == .keep) }

    @Test func eachMoveInVainHoldsTheExecutorLonger() {
        let holds = (1...7).map { MoveTrial.holdNanoseconds(afterFailures: $0) / 1_000_000_000 }
        #expect(holds == [10, 20, 40, 80, 160, 320, 320])
    }
}
