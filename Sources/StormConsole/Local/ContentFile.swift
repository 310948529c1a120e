import Glibc

/// A file, standard input or standard output, for contents of any size.
package final class ContentFile: Sendable {
    private let descriptor: Int32
    private let name: String
    private let isOwn: Bool

    private init(_ descriptor: Int32, _ name: String, isOwn: Bool) {
        self.descriptor = descriptor
        self.name = name
        self.isOwn = isOwn
    }

    deinit { if isOwn { _ = Glibc.close(descriptor) } }

    /// - Parameter path: nil for standard input.
    /// - Throws: a failure that names the file.
    package static func reading(_ path: String?) throws(CommandFailure) -> ContentFile {
        guard let path else { return ContentFile(0, "standard input", isOwn: false) }
        return ContentFile(try opened(path, O_RDONLY), path, isOwn: true)
    }

    /// - Parameter path: nil for standard output; a file is made or emptied.
    package static func writing(_ path: String?) throws(CommandFailure) -> ContentFile {
        guard let path else { return ContentFile(1, "standard output", isOwn: false) }
        return ContentFile(try opened(path, O_WRONLY | O_CREAT | O_TRUNC), path, isOwn: true)
    }

    private static func opened(_ path: String, _ flags: Int32) throws(CommandFailure) -> Int32 {
        let descriptor = open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CommandFailure("\(path): \(String(cString: strerror(errno)))") }
        return descriptor
    }

    /// Bytes in all, where that is known: of a plain file.
    package var sizeBytes: Int64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    /// Up to `bytesMax` bytes; empty at the end.
    package func read(_ bytesMax: Int) throws(CommandFailure) -> [UInt8] {
        var filled = 0
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: bytesMax) { buffer, count in
            while filled < bytesMax {
                let got = Glibc.read(descriptor, buffer.baseAddress! + filled, bytesMax - filled)
                if got > 0 {
                    filled += got
                } else if got == 0 {
                    break
                } else if errno != EINTR {
                    code = errno
                    break
                }
            }
            count = filled
        }
        if code != 0 { throw CommandFailure("\(name): \(String(cString: strerror(code)))") }
        return bytes
    }

    package func write(_ bytes: [UInt8]) throws(CommandFailure) {
        var written = 0
        while written < bytes.count {
            let put = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if put >= 0 {
                written += put
            } else if errno != EINTR {
                throw CommandFailure("\(name): \(String(cString: strerror(errno)))")
            }
        }
    }

    /// Makes sure that what was written is there: a full disk may say so only now.
    package func close() throws(CommandFailure) {
        guard isOwn, fsync(descriptor) != 0, errno != EINVAL, errno != EROFS else { return }
        throw CommandFailure("\(name): \(String(cString: strerror(errno)))")
    }
}
