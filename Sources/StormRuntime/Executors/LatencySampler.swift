import StormCore
import StormTopology
import StormWire

/// Times one tuple of every sixteenth batch of a bolt's executor. Off the path of all others: a countdown per batch, and
/// two looks at the clock for a sample.
///
/// The first tuple of a batch is taken, as it comes; where batches hold one tuple, as they do without load, that is one
/// tuple in sixteen. What is shown includes some 50 ns for the clock.
struct LatencySampler {
    private static let batchesPerSample = 16

    private var countdown = 1

    /// Whether the batch in hand is to be sampled. Once per batch.
    mutating func isDue() -> Bool {
        countdown -= 1
        guard countdown <= 0 else { return false }
        countdown = Self.batchesPerSample
        return true
    }
}

/// What a bolt's task knows of its latencies.
final class TaskLatencies {
    /// In `execute`.
    private(set) var execute = LatencyBuckets()
    /// From the start of `execute` to an ack within it.
    private(set) var process = LatencyBuckets()

    func add(_ nanoseconds: Int64, wasAcked: Bool) {
        execute.record(nanoseconds)
        if wasAcked { process.record(nanoseconds) }
    }
}

extension BoltInstance {
    /// Executes one tuple and takes its time.
    /// - Returns: the tuple after it. The emitter must stop if it is out of credit.
    func runSampled(
        _ batch: Batch, _ start: UnsafeMutableRawPointer, _ out: Collector, _ latencies: TaskLatencies,
        now: () -> Int64
    ) -> UnsafeMutableRawPointer {
        let state = out.emitter.state
        let ackedBefore = state.pointee.acked
        // Makes `run` return after one tuple.
        state.pointee.mustStop = true
        let began = now()
        let next = run(batch, start, out)
        latencies.add(now() - began, wasAcked: state.pointee.acked > ackedBefore)
        state.pointee.mustStop = out.emitter.awaitsCredit()
        return next
    }
}
