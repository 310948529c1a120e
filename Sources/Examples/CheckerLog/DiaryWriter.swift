internal import Glibc

/// Appends records to one diary. What `flush` has written survives the end of the process by any signal, since the
/// system holds it; against the end of the machine it does nothing.
///
/// One writer per file; confined to its task.
package final class DiaryWriter {
    private let path: String
    private let descriptor: Int32
    private var pending: [UInt8] = []
    /// Bytes of whole records in the file.
    private var size: Int

    package init(_ path: String) throws(CheckError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CheckError("cannot write '\(path)'") }
        size = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit { close(descriptor) }

    package func note(_ record: CheckRecord) { record.append(to: &pending) }

    package var hasPending: Bool { !pending.isEmpty }

    /// Writes what was noted. When that fails, nothing of it is in the file, and it stays noted.
    package func flush() throws(CheckError) {
        guard !pending.isEmpty else { return }
        var done = 0
        while done < pending.count {
            let count = pending.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let error = CheckError("cannot write '\(path)'")
                // A part of a record would shift all that follow; if this fails too, the reader finds the shift.
                _ = ftruncate(descriptor, off_t(size))
                throw error
            }
            done += count
        }
        size += done
        pending.removeAll(keepingCapacity: true)
    }

    /// Forgets what was noted and not written.
    package func discard() { pending.removeAll(keepingCapacity: true) }
}
