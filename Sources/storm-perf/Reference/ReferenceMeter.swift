import Glibc
import StormRuntime

struct ReferenceResult: Codable {
    var name: String
    /// What was counted.
    var unit: String
    var perSecond: Double
    var perCPUSecond: Double

    enum CodingKeys: String, CodingKey {
        case name, unit
        case perSecond = "per_second"
        case perCPUSecond = "per_cpu_second"
    }
}

/// Wall-clock and CPU time since it was made.
struct ReferenceMeter {
    private let start = SystemClock().monotonicNanoseconds()
    private let cpuStart = Self.cpu()

    var seconds: Double { Double(SystemClock().monotonicNanoseconds() - start) / 1e9 }

    func result(_ name: String, _ unit: String, _ count: Int) -> ReferenceResult {
        ReferenceResult(
            name: name, unit: unit, perSecond: Double(count) / seconds,
            perCPUSecond: Double(count) / (Self.cpu() - cpuStart))
    }

    private static func cpu() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
