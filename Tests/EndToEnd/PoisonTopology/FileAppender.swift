import Glibc

/// A file that grows at its end, also when several processes write to it.
final class FileAppender {
    struct OpenFailure: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OpenFailure(description: "\(path): \(String(cString: strerror(errno)))") }
    }

    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            // A short line is written whole or not at all.
            if Glibc.write(descriptor, bytes.baseAddress, bytes.count) != bytes.count { perror("write") }
        }
    }

    func close() { _ = Glibc.close(descriptor) }
}
