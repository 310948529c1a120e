import StormCluster
import StormCore
import StormRuntime
import StormWorker
import Synchronization

/// A worker without a topology: what it does in the coordination store is done by the code of the real one (its place, its
/// reports, their rhythm), and its numbers are made up.
final class StandInWorker: Sendable {
    let topologyID: String
    let assignment: WorkerAssignment
    private let store: any CoordinationStore
    private let place: WorkerPlace
    private let wish: Duration
    private let onBeat: @Sendable () -> Void
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let beats = Mutex<Int64>(0)

    /// - Parameters:
    ///   - wish: `executor.metrics.frequency.secs`.
    ///   - onBeat: called for each write of numbers.
    init(
        topologyID: String, assignment: WorkerAssignment, store: any CoordinationStore, wish: Duration,
        onBeat: @escaping @Sendable () -> Void
    ) {
        self.topologyID = topologyID
        self.assignment = assignment
        self.store = store
        self.wish = wish
        self.onBeat = onBeat
        place = WorkerPlace(store: store, topologyID: topologyID, slot: assignment.slot, logger: Ensemble.quiet)
    }

    /// Returns when its node is there.
    func start() async {
        let (joins, joined) = AsyncStream.makeStream(of: Void.self)
        let reports = WorkerReports(place)
        let joining = Task { [self] in
            await place.join(
                record: { try RecordCodec.encode(self.record()) }, joined: { joined.finish() }, changed: {})
        }
        let reporting = Task { [self] in
            await reports.send { _ in
                self.onBeat()
                return self.record()
            }
        }
        let beating = Task { [self] in await keepTime(reports) }
        tasks.withLock { $0 = [joining, reporting, beating] }
        for await _ in joins {}
    }

    /// As one that has run for long: its first numbers, which come sooner, are behind it, and it is somewhere between two
    /// writes.
    private func keepTime(_ reports: WorkerReports) async {
        var rhythm = BeatRhythm(wish: wish, worker: "\(topologyID) \(assignment.slot)")
        for _ in 0..<16 { _ = rhythm.next(await pace()) }
        var pause = rhythm.next(await pace()) * Double.random(in: 0..<1)
        // Cancelled at its end; nothing else ends the sleep early.
        while (try? await Task.sleep(for: pause)) != nil {
            reports.add()
            pause = rhythm.next(await pace())
        }
    }

    private func pace() async -> PaceRecord? {
        // Not readable: the last one counts, as for a worker.
        try? await PaceRecord.read(store)
    }

    /// Its node goes.
    func stop() async {
        for task in tasks.withLock({ $0 }) { task.cancel() }
        await place.leave(within: .seconds(10))
    }

    private func record() -> WorkerBeatRecord {
        let number = beats.withLock { number in
            number += 1
            return number
        }
        let executors = assignment.executors.executors.map { range in
            var counts = ExecutorCounts()
            let count = number * 10_007 * Int64(range.first.rawValue)
            counts.emitted = ["default": count]
            counts.transferred = ["default": count]
            counts.executed = ["parse:default": count]
            counts.acked = ["parse:default": count]
            counts.failed = ["parse:default": 0]
            return ExecutorBeat(
                executor: range, component: "enrich", isSpout: false, uptimeSeconds: Int(number),
                windows: [ExecutorBeat.allTime: counts])
        }
        var record = WorkerBeatRecord(
            topologyID: topologyID, node: assignment.node, host: assignment.host, port: assignment.port, pid: 1,
            incarnation: assignment.incarnation, state: .running,
            timeMilliseconds: SystemClock().epochMilliseconds(), uptimeSeconds: Int(number), executors: executors,
            residentBytes: 30_000_000, cpuSeconds: Double(number))
        record.generation = 1
        return record
    }
}
