internal import Glibc

extension ZipFile {
    /// Unpacks what is below a folder of the archive, without that folder's name, into a new folder on the disk.
    ///
    /// Symbolic links, where they are taken, are made when everything else is there: nothing is written through one. One that
    /// is relative stays inside of the new folder; an absolute one leads to what the machine has there, such as its Python.
    ///
    /// Modes are ours (0644, 0755 for folders and what is executable), whatever the archive says. On failure what was
    /// written stays, for the caller to remove; the new folder must be where nobody else writes meanwhile.
    /// - Throws: what is wrong with the archive, or with the disk.
    package func unpack(
        below folder: String, into path: String, limits: UnpackPlan.Limits, takesLinks: Bool = false
    ) throws(ArchiveError) {
        let plan = try UnpackPlan(entries, below: folder, limits: limits, takesLinks: takesLinks)
        try Self.makeFolder(path)
        for folder in plan.folders { try Self.makeFolder("\(path)/\(folder)") }
        for file in plan.files { try unpack(file.entry, to: "\(path)/\(file.path)") }
        for link in plan.links { try makeLink(link, in: path) }
        FileSystemFlush.flush(path)
    }

    private func makeLink(_ link: UnpackPlan.File, in folder: String) throws(ArchiveError) {
        let target = String(decoding: try read(link.entry, bytesMax: Self.targetBytesMax), as: UTF8.self)
        guard Self.isHarmless(target, from: link.path) else {
            throw ArchiveError("'\(link.entry.name)' is a link that leads out of the archive, to '\(target)'")
        }
        let path = "\(folder)/\(link.path)"
        guard symlink(target, path) == 0 else {
            throw ArchiveError("\(path) cannot be made: \(Self.reason(errno))")
        }
    }

    private static let targetBytesMax = 4096

    /// Whether a relative target stays inside, counted from the folder of the link, as the names say it.
    private static func isHarmless(_ target: String, from link: String) -> Bool {
        guard !target.isEmpty, !target.utf8.contains(0) else { return false }
        if target.hasPrefix("/") { return true }
        var depth = link.split(separator: "/").count - 1
        for part in target.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return false }
        }
        return true
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
