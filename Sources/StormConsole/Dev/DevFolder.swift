import FoundationEssentials
import Glibc

/// The folder of one `storm dev`: locked while it runs, removed at the end if it is a temporary one.
package final class DevFolder: Sendable {
    package let path: String
    private let isTemporary: Bool
    private let lock: Int32

    /// - Parameter path: nil for a new temporary folder. Made if missing.
    /// - Throws: a folder that cannot be made, or that another `storm dev` uses.
    package init(_ path: String?, keeps: Bool) throws {
        isTemporary = path == nil && !keeps
        let chosen = path ?? FileManager.default.temporaryDirectory.path + "/storm-dev-\(getpid())"
        let absolute = chosen.hasPrefix("/") ? chosen : FileManager.default.currentDirectoryPath + "/" + chosen
        do {
            try FileManager.default.createDirectory(atPath: absolute, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("--dir \(absolute): the folder cannot be made: \(error)")
        }
        guard let resolved = realpath(absolute, nil) else {
            throw CommandFailure("--dir \(absolute): \(String(cString: strerror(errno)))")
        }
        defer { free(resolved) }
        self.path = String(cString: resolved)
        lock = open("\(self.path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw CommandFailure(
                "--dir \(self.path): \(String(cString: strerror(errno))); choose a folder you may write")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw CommandFailure(
                "--dir \(self.path): another storm dev uses this folder; stop it or choose another one")
        }
    }

    deinit { close(lock) }

    package func create(_ folders: [String]) throws {
        for folder in folders {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
    }

    package func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
    }

    /// Removes a temporary folder; any other one stays.
    /// - Returns: whether it is gone.
    package func finish() -> Bool {
        guard isTemporary else { return false }
        // What cannot be removed stays in the machine's temporary folder and harms nobody.
        return (try? FileManager.default.removeItem(atPath: path)) != nil
    }
}
