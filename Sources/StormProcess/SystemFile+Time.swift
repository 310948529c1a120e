internal import Glibc

/// A file's time of change as a sign of life between two processes.
extension SystemFile {
    /// Sets the time of change to now; makes an empty file where there is none. On a full disk it still works for a file
    /// that exists.
    /// - Throws: ``ProcessError``.
    package static func touch(_ path: String) throws {
        if utimensat(AT_FDCWD, path, nil, 0) == 0 { return }
        guard errno == ENOENT else { throw timeError(path) }
        try makeEmpty(path)
        guard utimensat(AT_FDCWD, path, nil, 0) == 0 else { throw timeError(path) }
    }

    /// Makes an empty file whose time of change is the epoch: nobody has touched it yet.
    /// - Throws: ``ProcessError``.
    package static func makeUntouched(_ path: String) throws {
        try makeEmpty(path)
        let epoch = [timespec(tv_sec: 0, tv_nsec: 0), timespec(tv_sec: 0, tv_nsec: 0)]
        guard utimensat(AT_FDCWD, path, epoch, 0) == 0 else { throw timeError(path) }
    }

    /// Nanoseconds since the epoch; nil when there is no such file. Only good for comparison with an earlier answer: the
    /// clock behind it may jump.
    package static func touchedNanoseconds(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }

    private static func makeEmpty(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw timeError(path) }
        close(descriptor)
    }

    private static func timeError(_ path: String) -> ProcessError {
        let number = errno
        return ProcessError(.other, "cannot touch \(path): \(SpawnFailure.describe(number))", errorNumber: number)
    }
}
