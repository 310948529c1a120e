import ArgumentParser
import FoundationEssentials
import Glibc

/// The folder in which a child process keeps the disks of its simulated machines: in memory, where there is such a place.
enum WorkFolder {
    private static func path(_ pid: Int32) -> String {
        (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/storm-sim-\(pid)"
    }

    /// Makes the folder of this process and goes there.
    static func enter() throws {
        let folder = path(getpid())
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard chdir(folder) == 0 else { throw ValidationError("cannot work in \(folder)") }
    }

    /// What cannot be removed is in nobody's way.
    static func remove(pid: Int32) { try? FileManager.default.removeItem(atPath: path(pid)) }
}
