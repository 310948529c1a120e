import StormCluster
import Testing

@testable import StormWorker

@Suite struct BeatRhythmTests {
    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private func pauses(_ rhythm: BeatRhythm, _ count: Int, _ pace: PaceRecord? = nil) -> [Double] {
        var rhythm = rhythm
        return (0..<count).map { _ in seconds(rhythm.next(pace)) }
    }

    @Test func firstNumbersComeSoonAndLaterOnesAtTheTopologysInterval() {
        let pauses = pauses(BeatRhythm(wish: .seconds(60), worker: "wc n-6700"), 10)
        #expect(pauses[0] <= 6.25 && pauses[1] > pauses[0])
        #expect(pauses[5...].allSatisfy { (45...75).contains($0) && $0 == pauses[9] })
    }

    @Test func aLargeClusterSlowsAWorkerDownAndASmallOneDoesNotHurryIt() {
        let slow = pauses(
            BeatRhythm(wish: .seconds(60), worker: "w"), 10, PaceRecord(beatSeconds: 134, workers: 10_000))
        #expect((100.5...167.5).contains(slow[9]) && slow[0] < 15)
        let quick = pauses(BeatRhythm(wish: .seconds(60), worker: "w"), 10, PaceRecord(beatSeconds: 1, workers: 2))
        #expect((45...75).contains(quick[9]))
    }

    @Test func thePaceThatWasReadLastCountsWhileItCannotBeRead() {
        var rhythm = BeatRhythm(wish: .seconds(1), worker: "w")
        for _ in 0..<8 { _ = rhythm.next(PaceRecord(beatSeconds: 40, workers: 3_000)) }
        #expect(seconds(rhythm.next(nil)) >= 30)
        // And the next one that can be read is followed at once.
        #expect(seconds(rhythm.next(PaceRecord(beatSeconds: 4, workers: 300))) <= 5)
    }

    /// Ten thousand workers that were started at the same moment: their writes per second stay near the mean.
    @Test func workersThatWereStartedTogetherDoNotWriteTogether() {
        let pace = PaceRecord(beatSeconds: 134, workers: 10_000)
        var writes = [Int](repeating: 0, count: 3_600)
        for worker in 0..<10_000 {
            var rhythm = BeatRhythm(wish: .seconds(60), worker: "topology-\(worker / 100) node-\(worker)")
            var time = 0.0
            while true {
                time += seconds(rhythm.next(pace))
                guard time < 3_600 else { break }
                writes[Int(time)] += 1
            }
        }
        // After the first ten minutes.
        let settled = writes[600...]
        let mean = Double(settled.reduce(0, +)) / Double(settled.count)
        #expect((65...80).contains(mean))
        #expect((settled.max() ?? 0) < 150)
    }
}
