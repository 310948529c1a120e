import CSimulation
import Glibc
import StormSimulation
import Synchronization

/// The thread that calls, made a simulated one by the C library's stand-ins.
struct LibraryThread: SimulatedThread {
    func begin(_ sink: any JobSink, seed: UInt64) {
        var owner = storm_simulation_owner()
        owner.enqueue = { context, job in
            guard let context, let job else { return }
            Unmanaged<SinkBox>.fromOpaque(context).takeUnretainedValue().sink.enqueue(Job(job))
        }
        owner.enqueue_at = { context, time, job in
            guard let context, let job else { return }
            Unmanaged<SinkBox>.fromOpaque(context).takeUnretainedValue().sink.enqueue(Job(job), atNanoseconds: time)
        }
        // Kept for good: a job of a killed process may refer to it as long as the program runs.
        let context = Unmanaged.passRetained(SinkBox(sink)).toOpaque()
        storm_simulation_begin(owner, context, seed)
    }

    func end() { storm_simulation_end() }
    func run(_ job: Job) { storm_simulation_run(job.pointer) }

    func setTime(monotonicNanoseconds: Int64, epochNanoseconds: Int64) {
        storm_simulation_set_time(monotonicNanoseconds, epochNanoseconds)
    }

    func setDiskFull(_ isFull: Bool) { storm_simulation_set_disk_error(isFull ? ENOSPC : 0) }
}

private final class SinkBox: Sendable {
    let sink: any JobSink

    init(_ sink: any JobSink) { self.sink = sink }
}
