internal import Glibc

/// What this machine uses now, as far as this process may see it.
package struct MachineUsage: Hashable, Sendable {
    package let cores: Int
    /// Time in which a core did something since the machine was booted, summed over the cores.
    package let busySeconds: Double
    package let memoryBytes: Int
    /// What a new process could have without swapping.
    package let memoryAvailableBytes: Int

    /// Nil where /proc does not tell. Reads two small files; any thread.
    package static func read() -> MachineUsage? {
        guard let stat = SystemFile.read("/proc/stat", bytesMax: 4096),
            let memory = SystemFile.read("/proc/meminfo", bytesMax: 4096)
        else { return nil }
        return parse(
            stat: String(decoding: stat, as: UTF8.self), memory: String(decoding: memory, as: UTF8.self),
            ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))), cores: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// - Parameters:
    ///   - stat: begins with `cpu  user nice system idle iowait irq softirq steal …`, in ticks.
    ///   - memory: lines such as `MemTotal:  16315744 kB`.
    static func parse(stat: String, memory: String, ticksPerSecond: Double, cores: Int) -> MachineUsage? {
        guard let line = stat.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard ticks.count >= 8, let total = kibibytes("MemTotal", memory),
            let available = kibibytes("MemAvailable", memory)
        else { return nil }
        let busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]
        return MachineUsage(
            cores: cores, busySeconds: busy / ticksPerSecond, memoryBytes: total << 10,
            memoryAvailableBytes: available << 10)
    }

    private static func kibibytes(_ name: String, _ text: String) -> Int? {
        text.split(separator: "\n").first { $0.hasPrefix(name + ":") }.flatMap {
            Int($0.dropFirst(name.count + 1).split(separator: " ").first ?? "")
        }
    }
}
