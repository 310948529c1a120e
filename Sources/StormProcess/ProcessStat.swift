internal import Glibc

/// One line of /proc/PID/stat, the fields in use here.
package struct ProcessStat: Hashable, Sendable {
    package let pid: Int32
    /// R, S, D, Z, T, X ... as in proc(5).
    package let state: Character
    package let parentPID: Int32
    package let groupID: Int32
    package let sessionID: Int32
    package let userTicks: UInt64
    package let systemTicks: UInt64
    package let startTicks: UInt64
    package let residentPages: Int

    package var isZombie: Bool { state == "Z" || state == "X" }

    /// `nil`: no such process.
    package static func read(pid: Int32) -> ProcessStat? {
        SystemFile.read("/proc/\(pid)/stat", bytesMax: 4096).flatMap { parse($0) }
    }

    /// The name in parentheses may hold anything, spaces and parentheses too: fields count from the LAST one.
    package static func parse(_ line: [UInt8]) -> ProcessStat? {
        guard let open = line.firstIndex(of: UInt8(ascii: "(")), let close = line.lastIndex(of: UInt8(ascii: ")")),
            let pid = Int32(String(decoding: line[..<open].dropLast(), as: UTF8.self))
        else { return nil }
        let fields = line[(close + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            .map { String(decoding: $0, as: UTF8.self) }
        // fields[0] is the state, number 3 in proc(5).
        guard fields.count >= 22, let state = fields[0].first, let parent = Int32(fields[1]),
            let group = Int32(fields[2]), let session = Int32(fields[3]), let user = UInt64(fields[11]),
            let system = UInt64(fields[12]),
            let start = UInt64(fields[19]), let pages = Int(fields[21])
        else { return nil }
        return ProcessStat(
            pid: pid, state: state, parentPID: parent, groupID: group, sessionID: session, userTicks: user,
            systemTicks: system, startTicks: start, residentPages: pages)
    }

    /// All processes that are visible now, in no order; those that end meanwhile may be missing.
    package static func all() -> [ProcessStat] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var found: [ProcessStat] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let pid = Int32(name), let stat = read(pid: pid) { found.append(stat) }
        }
        return found
    }
}

/// What a process uses now.
package struct ProcessUsage: Hashable, Sendable {
    /// Resident memory.
    package let residentBytes: Int
    /// User and system time since its start, all threads.
    package let cpuSeconds: Double

    /// `nil`: no such process. Reads one small file; any thread.
    package static func read(pid: Int32) -> ProcessUsage? {
        guard let stat = ProcessStat.read(pid: pid) else { return nil }
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        return ProcessUsage(
            residentBytes: stat.residentPages * Int(sysconf(Int32(_SC_PAGESIZE))),
            cpuSeconds: Double(stat.userTicks + stat.systemTicks) / ticksPerSecond)
    }
}
