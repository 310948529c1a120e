/// A process that cannot be mistaken for a later one with the same number: number, start time and boot.
///
/// Keep it on disk to find the process again (``ProcessHandle/adopt(_:)``).
package struct ProcessIdentity: Hashable, Sendable, Codable, CustomStringConvertible {
    package let pid: Int32
    /// Clock ticks between boot and its start (field 22 of /proc/PID/stat).
    package let startTicks: UInt64
    /// /proc/sys/kernel/random/boot_id; start times of different boots do not compare.
    package let bootID: String

    package init(pid: Int32, startTicks: UInt64, bootID: String) {
        self.pid = pid
        self.startTicks = startTicks
        self.bootID = bootID
    }

    enum CodingKeys: String, CodingKey {
        case pid
        case startTicks = "start_ticks"
        case bootID = "boot_id"
    }

    /// The identity of the process that has this number now, `nil` if there is none or it is only a zombie.
    package static func current(ofPID pid: Int32) -> ProcessIdentity? {
        guard let stat = ProcessStat.read(pid: pid), !stat.isZombie else { return nil }
        return ProcessIdentity(pid: pid, startTicks: stat.startTicks, bootID: thisBoot)
    }

    /// This very process still runs. A zombie does not.
    package var isAlive: Bool { Self.current(ofPID: pid) == self }

    package var description: String { "pid \(pid) (start \(startTicks))" }

    package static let thisBoot: String = {
        let bytes = SystemFile.read("/proc/sys/kernel/random/boot_id", bytesMax: 64) ?? []
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }()
}
