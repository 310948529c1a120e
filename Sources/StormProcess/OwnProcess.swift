internal import Glibc

/// What this process uses at this moment. Reads a few small files of /proc; any thread.
package struct OwnProcess: Sendable, Equatable {
    /// User and system time since its start, all threads.
    package var cpuSeconds = 0.0
    package var residentBytes = 0
    package var virtualBytes = 0
    package var threads = 0
    /// File descriptors.
    package var openFiles = 0
    /// Nil: there is no limit.
    package var openFilesMax: Int?
    /// Seconds since 1970; 0 when it is not known.
    package var startTimeSeconds = 0.0

    package init() {}

    /// What cannot be read is 0.
    package static func read() -> OwnProcess {
        var own = OwnProcess()
        if let stat = ProcessStat.read(pid: getpid()) {
            let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
            own.cpuSeconds = Double(stat.userTicks + stat.systemTicks) / ticksPerSecond
            own.residentBytes = stat.residentPages * pageBytes
            if let boot = bootSeconds { own.startTimeSeconds = boot + Double(stat.startTicks) / ticksPerSecond }
        }
        if let sizes = SystemFile.read("/proc/self/statm", bytesMax: 256) {
            own.virtualBytes = (number(sizes) ?? 0) * pageBytes
        }
        own.threads = entries("/proc/self/task")
        // Less the one that counts.
        own.openFiles = max(0, entries("/proc/self/fd") - 1)
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < UInt64(Int.max) {
            own.openFilesMax = Int(limit.rlim_cur)
        }
        return own
    }

    private static var pageBytes: Int { Int(sysconf(Int32(_SC_PAGESIZE))) }

    /// When the machine was started. It moves with the clock, so it is read once.
    private static let bootSeconds: Double? = {
        guard let bytes = SystemFile.read("/proc/stat", bytesMax: 1 << 20) else { return nil }
        let line = SystemFile.splitLines(bytes).first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) }
    }()

    private static func number(_ bytes: [UInt8]) -> Int? {
        Int(String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self))
    }

    /// Entries of a folder, without `.` and `..`.
    private static func entries(_ path: String) -> Int {
        guard let folder = opendir(path) else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return max(0, count - 2)
    }
}
