internal import Glibc

/// Reads a diary that may still be written: each call of `read` gives the records that have come since the last one.
package struct DiaryReader: Sendable {
    package let path: String
    private var offset = 0

    private static let chunkBytes = CheckRecord.byteCount << 14

    package init(_ path: String) { self.path = path }

    /// A record that is not complete is left for the next call: its process was killed, or is writing.
    /// - Throws: `CheckError` for a file that cannot be read or holds anything but records.
    package mutating func read(_ body: (CheckRecord) throws(CheckError) -> Void) throws(CheckError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CheckError("cannot read '\(path)'") }
        defer { close(descriptor) }
        var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(offset))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw CheckError("cannot read '\(path)'") }
            let whole = count - count % CheckRecord.byteCount
            guard whole > 0 else { return }
            for start in stride(from: 0, to: whole, by: CheckRecord.byteCount) {
                let record = chunk.withUnsafeBytes { CheckRecord(UnsafeRawBufferPointer(rebasing: $0[start...])) }
                guard let record else {
                    throw CheckError(reason: "'\(path)' holds something else than a record at byte \(offset + start)")
                }
                try body(record)
            }
            offset += whole
        }
    }
}
