import Glibc

/// Reads small files whole, with the operating system's reason when that fails.
package enum SmallFile {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
        package let isMissing: Bool
    }

    /// The text of the file at `path`.
    /// - Throws: when it cannot be read, is longer than `bytesMax`, or is not UTF-8.
    package static func text(_ path: String, bytesMax: Int = 1 << 20) throws(Failure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot open \(path)", errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("cannot read \(path)", errno)
            }
            bytes += chunk[..<count]
            if bytes.count > bytesMax {
                throw Failure(description: "\(path) is longer than \(bytesMax) bytes", isMissing: false)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(description: "\(path) is not UTF-8 text", isMissing: false)
        }
        return text
    }

    private static func failure(_ what: String, _ code: Int32) -> Failure {
        Failure(
            description: "\(what): \(String(cString: strerror(code)))", isMissing: code == ENOENT || code == ENOTDIR)
    }
}
