import StormCluster
import StormCore
import Synchronization

/// What the executors of a worker had counted at times of the past: what Storm's windows of ten minutes, three hours and a
/// day are made of. A look is kept for each twentieth of a window, as in Storm, so a window is up to a twentieth shorter
/// than its name. Away from the tuples' path: it grows with the worker's reports. Any thread.
final class TallyHistory: Sendable {
    typealias Tallies = [ExecutorRange: ExecutorTally]

    /// What is kept for one window.
    private struct Ring {
        let seconds: Int
        /// Oldest first; at most 21.
        var looks: [(second: Int, tallies: Tallies)] = []

        var name: String { "\(seconds)" }

        mutating func add(_ now: Tallies, second: Int) {
            looks.removeAll { $0.second < second - seconds }
            if let last = looks.last, second < last.second + seconds / 20 { return }
            looks.append((second, now))
        }
    }

    private let rings = Mutex<[Ring]>([600, 10_800, 86_400].map { Ring(seconds: $0) })

    /// Notes the look, and tells what happened in each window.
    /// - Parameter uptimeSeconds: never less than in the call before.
    /// - Returns: by executor and window (`600`, …, `:all-time`); without windows that are longer than the uptime, which
    ///   hold the same as all time.
    func windows(_ now: Tallies, uptimeSeconds: Int) -> [ExecutorRange: [String: ExecutorCounts]] {
        var result = now.mapValues { [ExecutorBeat.allTime: $0.counts] }
        rings.withLock { rings in
            for index in rings.indices {
                rings[index].add(now, second: uptimeSeconds)
                guard uptimeSeconds > rings[index].seconds, let start = rings[index].looks.first else { continue }
                for (executor, tally) in now {
                    let then = start.tallies[executor] ?? ExecutorTally()
                    result[executor]?[rings[index].name] = tally.since(then).counts
                }
            }
        }
        return result
    }
}
