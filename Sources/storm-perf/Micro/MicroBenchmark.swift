import Glibc

/// One piece of the tuple path, repeated.
struct MicroBenchmark: Sendable {
    let name: String
    /// What one operation is.
    let unit: String
    /// Does so many operations and returns a number that depends on all of them, so that none can be left out.
    let body: @Sendable (_ operations: Int) throws -> UInt64

    struct Result: Codable, Equatable {
        var name: String
        var unit: String
        var operations: Int
        /// CPU time of the process.
        var nanosecondsPerOperation: Double
        /// What `body` returned.
        var check: UInt64

        enum CodingKeys: String, CodingKey {
            case name, unit, operations, check
            case nanosecondsPerOperation = "ns_per_operation"
        }
    }

    /// The fastest of `rounds`: on a shared machine the others were disturbed.
    func run(operations: Int, rounds: Int) throws -> Result {
        var best = Double.infinity
        var check: UInt64 = 0
        for _ in 0..<rounds {
            let start = Self.cpuNanoseconds()
            check = try body(operations)
            best = min(best, Double(Self.cpuNanoseconds() - start))
        }
        return Result(
            name: name, unit: unit, operations: operations, nanosecondsPerOperation: best / Double(operations),
            check: check)
    }

    private static func cpuNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static let all = [encode, route, decode, handOver, ledger, trees]
}
