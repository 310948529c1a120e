import StormSupervisor
import Testing

struct BeatWatchTests {
    private let limits = BeatWatch.Limits(first: .seconds(120), later: .seconds(30))

    /// Looks each second from `from` on; gives the second of the first look that finds the worker hung.
    private func hungAt(_ watch: inout BeatWatch, from: Int, to: Int, _ stamp: (Int) -> Int64?) -> Int? {
        for second in from..<to where watch.look(stamp: stamp(second), now: .seconds(second)) { return second }
        return nil
    }

    private var watch: BeatWatch { BeatWatch(limits: limits, lookMax: .seconds(2)) }

    @Test
    func workerThatBeatsIsNeverHung() {
        var watch = watch
        #expect(hungAt(&watch, from: 0, to: 1000) { Int64($0) + 1 } == nil)
        #expect(watch.silence == .zero)
    }

    @Test
    func silenceCountsFromTheLastBeat() {
        var watch = watch
        #expect(hungAt(&watch, from: 0, to: 1000) { Int64(min($0, 100)) + 1 } == 130)
        #expect(watch.silence == .seconds(30))
    }

    @Test
    func workerThatHasNotBeatenYetHasTheTimeOfAStart() {
        var watch = watch
        #expect(hungAt(&watch, from: 0, to: 1000) { _ in 0 } == 120)
    }

    @Test
    func workerOfAnOlderProgramWithoutAFileIsLeftAlone() {
        var watch = watch
        #expect(hungAt(&watch, from: 0, to: 1000) { _ in nil } == nil)
    }

    /// Whatever the file's clock does: only that the time is another one counts.
    @Test
    func clocksThatJumpBackAreBeatsToo() {
        var watch = watch
        #expect(hungAt(&watch, from: 0, to: 1000) { 5000 - Int64($0) } == nil)
    }

    @Test
    func pauseOfTheWholeMachineKillsNobody() {
        var watch = watch
        #expect(hungAt(&watch, from: 0, to: 10) { Int64($0) + 1 } == nil)
        // An hour in which neither the supervisor nor the worker ran.
        let isHung = watch.look(stamp: 10, now: .seconds(3600))
        #expect(!isHung)
        #expect(watch.silence <= .seconds(3))
        #expect(hungAt(&watch, from: 3601, to: 4000) { Int64($0) } == nil)
    }

    @Test
    func workerThatStaysSilentAfterThePauseIsHungInItsTime() {
        var watch = watch
        #expect(hungAt(&watch, from: 0, to: 10) { Int64($0) + 1 } == nil)
        #expect(hungAt(&watch, from: 3600, to: 4000) { _ in 10 } == 3628)
    }
}
