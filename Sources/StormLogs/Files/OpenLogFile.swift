import Glibc

/// A log file that is open for reading, whatever becomes of its name. Any thread.
package final class OpenLogFile: Sendable {
    private let descriptor: Int32
    package let id: String
    package let modifiedMilliseconds: Int64

    /// - Parameter descriptor: is closed with this value.
    /// - Returns: nil, and the descriptor closed, when it is not a plain file.
    init?(_ descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        id = "\(status.st_dev)-\(status.st_ino)"
        modifiedMilliseconds = Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    deinit { close(descriptor) }

    /// At this moment.
    package var bytes: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Up to `count` bytes from `offset`; fewer at the end of the file, or when it cannot be read on.
    package func read(from offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + filled, count - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                filled += got
            }
        }
    }
}
