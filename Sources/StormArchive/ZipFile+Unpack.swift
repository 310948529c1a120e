internal import Glibc

extension ZipFile {
    /// Unpacks what is below a folder of the archive, without that folder's name, into a new folder on the disk.
    ///
    /// Modes are ours (0644, 0755 for folders and what is executable), whatever the archive says. On failure what was
    /// written stays, for the caller to remove; the new folder must be where nobody else writes meanwhile.
    /// - Throws: what is wrong with the archive, or with the disk.
    package func unpack(below folder: String, into path: String, limits: UnpackPlan.Limits) throws(ArchiveError) {
        let plan = try UnpackPlan(entries, below: folder, limits: limits)
        try Self.makeFolder(path)
        for folder in plan.folders { try Self.makeFolder("\(path)/\(folder)") }
        for file in plan.files { try unpack(file.entry, to: "\(path)/\(file.path)") }
        FileSystemFlush.flush(path)
    }

    private func unpack(_ entry: ZipEntry, to path: String) throws(ArchiveError) {
        let descriptor = open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, entry.isExecutable ? 0o755 : 0o644)
        guard descriptor >= 0 else { throw ArchiveError("\(path) cannot be made: \(Self.reason(errno))") }
        defer { close(descriptor) }
        try unpack(entry) { (bytes: UnsafeBufferPointer<UInt8>) throws(ArchiveError) in
            var done = 0
            while done < bytes.count {
                let put = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if put < 0, errno == EINTR { continue }
                guard put > 0 else { throw ArchiveError("\(path) cannot be written: \(Self.reason(errno))") }
                done += put
            }
        }
    }

    private static func makeFolder(_ path: String) throws(ArchiveError) {
        guard mkdir(path, 0o755) == 0 else { throw ArchiveError("\(path) cannot be made: \(reason(errno))") }
    }
}
