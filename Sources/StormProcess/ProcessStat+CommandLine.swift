extension ProcessStat {
    /// The arguments a process was started with, its name first; empty for zombies and kernel threads, and when it is
    /// gone. Longer ones than 128 KiB are cut.
    package static func commandLine(pid: Int32) -> [String] {
        let bytes = SystemFile.read("/proc/\(pid)/cmdline", bytesMax: 1 << 17) ?? []
        guard !bytes.isEmpty else { return [] }
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
