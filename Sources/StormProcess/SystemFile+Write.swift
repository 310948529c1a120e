internal import CStormSystem
internal import Glibc

extension SystemFile {
    /// Replaces a file as a whole: whoever reads it, also after a crash at any moment, finds the old or the new
    /// content. The folder must exist.
    /// - Parameter mode: permissions; only the owner may read by default, since configuration may hold secrets.
    /// - Throws: ``ProcessError``.
    package static func writeAtomically(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o600) throws {
        let temporary = "\(path).\(getpid()).tmp"
        unlink(temporary)  // of a process that had our number and was killed here
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw writeError(temporary) }
        do {
            defer { close(descriptor) }
            try writeAll(descriptor, bytes, temporary)
            guard fsync(descriptor) == 0 else { throw writeError(temporary) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let error = writeError(path)
            unlink(temporary)
            throw error
        }
        syncFolder(of: path)
    }

    /// Makes a rename in the folder of `path` last through a power failure. Where a file system cannot, nothing is lost
    /// but that.
    package static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = storm_open(folder.isEmpty ? "/" : folder, 0, 0)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The file's size in bytes, 0 if there is none.
    package static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    private static func writeAll(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return 0 }
                return write(descriptor, base + offset, bytes.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw writeError(path) }
            offset += count
        }
    }

    private static func writeError(_ path: String) -> ProcessError {
        let number = errno
        return ProcessError(.other, "cannot write \(path): \(SpawnFailure.describe(number))", errorNumber: number)
    }
}

/// Sole use of a folder: held until this value goes, or the process ends in whatever way.
package final class FolderLock: Sendable {
    private let descriptor: Int32

    /// - Parameter file: made if missing, never removed.
    /// - Returns: `nil` when another process holds the lock.
    /// - Throws: ``ProcessError`` when the file cannot be made.
    package init?(file: String) throws {
        let opened = storm_open(file, 1, 1)
        guard opened >= 0 else {
            throw ProcessError(.other, "cannot make \(file): \(SpawnFailure.describe(-opened))", errorNumber: -opened)
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            return nil
        }
        descriptor = opened
    }

    deinit {
        // Closing alone would not do: a child between fork and exec has a copy of the descriptor, and with it the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
