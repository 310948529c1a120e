internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import StormProcess

/// SHA-256 of files.
package enum FileHash {
    /// Lower-case hexadecimal. Reads the file in pieces of 256 KiB; blocks the thread meanwhile.
    /// - Throws: ``SupervisorError`` when the file cannot be read.
    package static func sha256(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SupervisorError(.badState, "cannot open \(path)") }
        defer { close(descriptor) }
        var hash = SHA256()
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw SupervisorError(.badState, "cannot read \(path)")
            }
            chunk.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        return hash.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
