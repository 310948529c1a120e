internal import Glibc

/// What is at a path itself: links are not followed, nothing is opened.
struct FileEntry: Hashable {
    enum Kind: Hashable {
        case file, folder, link
        /// A pipe, a socket, a device.
        case special
    }

    let kind: Kind
    let sizeBytes: Int

    /// nil: there is nothing, or it cannot be looked at.
    init?(_ path: String) {
        var status = Glibc.stat()
        guard lstat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link
        default: kind = .special
        }
        sizeBytes = Int(status.st_size)
    }
}
