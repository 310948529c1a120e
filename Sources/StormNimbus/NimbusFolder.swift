import Glibc
package import StormProcess
import StormSubmission

/// The folder of one nimbus, `storm.local.dir` + `/nimbus`: its blobs are there, and no other process may work in it.
package enum NimbusFolder {
    /// Makes the folder if it is missing, and takes it for this process.
    /// - Returns: held until it goes, or the process ends in whatever way; the file `lock` stays.
    /// - Throws: ``NimbusFolderError`` when another nimbus works there, or it cannot be written.
    package static func take(_ path: String) async throws -> FolderLock {
        let taken: FolderLock?
        do {
            try await Disk.makeDirectory(path)
            // The lock alone does not tell: of an earlier life, it can be written in a folder that cannot.
            for folder in [path, path + "/inbox", path + "/blobs"] where access(folder, W_OK | X_OK) != 0 {
                let number = errno
                if number == ENOENT { continue }  // made at the start, in the folder before it
                throw NimbusFolderError(
                    "storm.local.dir: cannot write in \(folder): \(String(cString: strerror(number)))")
            }
            taken = try FolderLock(file: path + "/lock")
        } catch let error as NimbusFolderError {
            throw error
        } catch {
            throw NimbusFolderError("storm.local.dir: \(error)")
        }
        guard let lock = taken else {
            throw NimbusFolderError("another nimbus works in \(path); each needs a storm.local.dir of its own")
        }
        return lock
    }
}

/// Why a nimbus cannot have its folder. The text names the key and the path.
package struct NimbusFolderError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
