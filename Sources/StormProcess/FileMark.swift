internal import Glibc

/// What changes when a file is written to: cheap to look at, so that unchanged files are hashed only once.
package struct FileMark: Hashable, Sendable {
    private let inode: UInt64
    private let sizeBytes: Int64
    private let changedSeconds: Int64
    private let changedNanoseconds: Int64

    /// All zero when there is no such file.
    package init(_ path: String) {
        var status = Glibc.stat()
        let isThere = stat(path, &status) == 0
        inode = isThere ? UInt64(status.st_ino) : 0
        sizeBytes = isThere ? Int64(status.st_size) : 0
        changedSeconds = isThere ? Int64(status.st_ctim.tv_sec) : 0
        changedNanoseconds = isThere ? Int64(status.st_ctim.tv_nsec) : 0
    }
}
