import Glibc
import StormProcess

/// Finds workers of a cluster by their command line: they run in sessions of their own, so no parent knows them all.
enum DevWorkers {
    /// Kills every worker whose manifest lies below `folder`; returns how many there were.
    static func kill(below folder: String) -> Int {
        var count = 0
        for process in ProcessStat.all() where !process.isZombie && process.pid != getpid() {
            let line = SystemFile.read("/proc/\(process.pid)/cmdline", bytesMax: 1 << 16) ?? []
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard isWorker(words, below: folder) else { continue }
            // A worker leads its session: what it started goes with it. It may have ended by now, which is as well.
            if Glibc.kill(-process.pid, SIGKILL) != 0 { Glibc.kill(process.pid, SIGKILL) }
            count += 1
        }
        return count
    }

    /// Whether a command line is `PROGRAM worker --manifest FOLDER/…`.
    static func isWorker(_ words: [String], below folder: String) -> Bool {
        guard let command = words.firstIndex(of: "worker"), words.indices.contains(command + 2) else { return false }
        return words[command + 1] == "--manifest" && words[command + 2].hasPrefix(folder + "/")
    }
}
