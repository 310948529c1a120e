import FoundationEssentials
import StormConsole
import StormProcess
import StormSubmission

/// The folder of `storm dev-zookeeper`, which forgets what the run before left there.
enum ThrowawayFolder {
    private static let lockName = "dev-zookeeper.lock"

    /// Takes the folder for this process, made if it is missing, and only then empties it.
    /// - Returns: held until it goes, or the process ends in whatever way.
    /// - Throws: `CommandFailure` when another one uses the folder; nothing in it is touched then.
    static func take(_ path: String) async throws -> FolderLock {
        let taken: FolderLock?
        do {
            try await Disk.makeDirectory(path)
            taken = try FolderLock(file: "\(path)/\(lockName)")
        } catch {
            throw CommandFailure("dev.zookeeper.path: \(error)")
        }
        guard let lock = taken else {
            throw CommandFailure(
                "dev.zookeeper.path \(path): another storm dev-zookeeper uses it; a second one needs a folder and a "
                    + "storm.zookeeper.port of its own")
        }
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: path) where name != lockName {
                try FileManager.default.removeItem(atPath: "\(path)/\(name)")
            }
        } catch {
            throw CommandFailure("dev.zookeeper.path \(path): cannot be emptied: \(error)")
        }
        return lock
    }
}
