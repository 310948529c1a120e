import CAllocationCount
import Glibc
import StormCore
import StormRuntime
import StormTransport

/// Counters of one worker process at one moment. Two of them, a window apart, make a measurement.
struct Sample: Codable, Sendable {
    struct Component: Codable, Sendable {
        var emitted = 0
        var executed = 0
        var acked = 0
        var failed = 0
        var pending = 0
    }

    var nanoseconds: Int64 = 0
    var cpuSeconds = 0.0
    var residentBytes = 0
    var peakResidentBytes = 0
    var allocations = 0
    var wireBytesSent = 0
    var components: [String: Component] = [:]
    /// Counts of `LatencyHistogram` buckets: emit to ack, and due time to ack.
    var completeLatency = LatencyHistogram()
    var scheduleLatency = LatencyHistogram()

    /// The process's own figures, now.
    mutating func takeProcess() {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        cpuSeconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        nanoseconds = SystemClock().monotonicNanoseconds()
        allocations = storm_allocation_count()
        peakResidentBytes = ProcessMemory.bytes("VmHWM:")
        residentBytes = ProcessMemory.bytes("VmRSS:")
    }

    mutating func add(_ statistics: [TaskStatistics]) {
        for task in statistics {
            var component = components[task.component] ?? Component()
            component.emitted += task.emitted.values.reduce(0, +)
            component.executed += task.executed.values.reduce(0, +)
            component.acked += task.acked
            component.failed += task.failed
            component.pending += task.pending
            components[task.component] = component
            if let latency = task.completeLatency { completeLatency.merge(latency) }
        }
    }
}

/// Memory of this process as the kernel sees it.
enum ProcessMemory {
    /// - Parameter key: a line of `/proc/self/status` that is in kB. 0 when it is not there.
    static func bytes(_ key: String) -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
            guard text.hasPrefix(key) else { continue }
            return (Int(text.dropFirst(key.count).split(whereSeparator: { " \t\n".contains($0) }).first ?? "0") ?? 0)
                * 1024
        }
        return 0
    }
}
