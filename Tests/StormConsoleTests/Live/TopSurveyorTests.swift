import StormConsole
import StormRuntime
import StormThrift
import Synchronization
import Testing

/// How often a screen that is drawn again and again asks nimbus.
@Suite struct TopSurveyorTests {
    /// A nimbus and two workers, the second of which may be away; the clock stands where it is put.
    private final class Cluster: Sendable {
        private struct State {
            var now = ContinuousClock.now
            var plans = 0
            var asked = 0
            var isSecondAway = false
        }

        private let state = Mutex(State())

        var plans: Int { state.withLock { $0.plans } }
        var asked: Int { state.withLock { $0.asked } }
        func advance(_ duration: Duration) { state.withLock { $0.now += duration } }
        func takeAwaySecond() { state.withLock { $0.isSecondAway = true } }

        func surveyor() -> TopSurveyor {
            TopSurveyor(
                workers: WorkerRound { path, place, _ in
                    #expect(path == "/figures")
                    return try self.figures(place)
                }, now: { self.state.withLock { $0.now } }
            ) {
                self.state.withLock { $0.plans += 1 }
                return [TopSurveyor.Known(summary: Self.summary, info: Inspected.info())]
            }
        }

        private func figures(_ place: WorkerPlace) throws -> PageClient.Answer {
            let isAway = state.withLock { state in
                state.asked += 1
                return state.isSecondAway && place == Inspected.second
            }
            if isAway { throw PageClient.Failure("Connection refused") }
            let figures = WorkerFigures(
                topologyID: "wc-1-1", host: place.host, port: place.port, pid: 7, timeMilliseconds: 0,
                clockNanoseconds: 0, uptimeSeconds: 1, cpuSeconds: 0, residentBytes: 0, machine: nil, executors: [])
            return PageClient.Answer(status: 200, body: Page.json(figures).body)
        }

        private static let summary = Thrift.TopologySummary(
            id: "wc-1-1", name: "wc", numTasks: 4, numExecutors: 4, numWorkers: 2, uptimeSecs: 100, status: "ACTIVE")
    }

    @Test func nimbusIsAskedEveryTenSecondsAndTheWorkersAtEachLook() async throws {
        let cluster = Cluster()
        let surveyor = cluster.surveyor()
        for second in 0..<20 {
            let sample = try #require(try await surveyor.samples().first)
            #expect(sample.workers.count == 2 && sample.missing.isEmpty)
            #expect(sample.uptimeSeconds == 100 + second % 10)
            cluster.advance(.seconds(1))
        }
        #expect(cluster.plans == 2 && cluster.asked == 40)
    }

    @Test func aWorkerThatIsNotWhereItWasMakesItAskSooner() async throws {
        let cluster = Cluster()
        let surveyor = cluster.surveyor()
        _ = try await surveyor.samples()
        cluster.advance(.seconds(3))
        cluster.takeAwaySecond()
        #expect(try await surveyor.samples().first?.missing.map(\.place) == [Inspected.second])
        #expect(cluster.plans == 1)
        _ = try await surveyor.samples()
        #expect(cluster.plans == 2)
        // It stays away: not each look asks.
        for _ in 0..<10 {
            cluster.advance(.seconds(1))
            _ = try await surveyor.samples()
        }
        #expect(cluster.plans == 7)
    }
}
