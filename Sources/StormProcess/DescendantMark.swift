internal import CStormSystem
internal import Glibc

/// What a process puts into the environment of the processes that it starts: it is handed on to theirs, so that also those are
/// found that have left session and group. (One that has emptied its environment is not.)
package struct DescendantMark: Hashable, Sendable {
    package static let variable = "MULTILANG_CHILD_OF"
    /// `pid.start/part/`: of a process, and of one part of what it does.
    package let value: String

    /// - Parameter part: tells apart what this process starts for different ends.
    package init(part: String) {
        value = (ProcessIdentity.current(ofPID: getpid()).map(Self.owner) ?? "\(getpid())./") + part + "/"
    }

    /// All that a process has marked, for whatever part.
    package init(all owner: ProcessIdentity) { value = Self.owner(owner) }

    private static func owner(_ identity: ProcessIdentity) -> String { "\(identity.pid).\(identity.startTicks)/" }

    /// Kills all that bear the mark, also those that are being started meanwhile: repeats until none is found, 20 times
    /// at most. Reads all of /proc.
    package func killAll() {
        let text = Array("\(Self.variable)=\(value)".utf8)
        for _ in 0..<20 where kill(text) == 0 { return }
    }

    private func kill(_ text: [UInt8]) -> Int {
        var reached = 0
        for stat in ProcessStat.all() where !stat.isZombie && stat.pid != getpid() && Self.bears(text, stat.pid) {
            let descriptor = storm_pidfd_open(stat.pid)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // Look again now that the descriptor pins the process: the number may have changed hands before.
            guard Self.bears(text, stat.pid) else { continue }
            if storm_pidfd_send_signal(descriptor, Signal.kill.number) == 0 { reached += 1 }
        }
        return reached
    }

    /// False for a process whose environment is not ours to read.
    private static func bears(_ text: [UInt8], _ pid: Int32) -> Bool {
        guard let environment = SystemFile.read("/proc/\(pid)/environ", bytesMax: 1 << 20) else { return false }
        return environment.split(separator: 0).contains { $0.starts(with: text) }
    }
}
