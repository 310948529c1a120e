import Glibc
import Synchronization

/// Lines to a file that never grows over a size: `nimbus.log` becomes `nimbus.log.1`, that becomes `nimbus.log.2`, and
/// so on; the oldest is deleted. Disk use is at most `bytesMax * (filesMax + 1)`.
///
/// A disk that is full or a folder that goes away stops nothing: lines go to standard error until the file can be opened
/// again, which is tried with each line.
public final class RotatingFileSink: LogSink {
    public struct OpenFailure: Error, CustomStringConvertible, Sendable {
        public let description: String
    }

    private struct State {
        /// -1 while the file is not open.
        var descriptor: Int32
        var bytes: Int
    }

    private let path: String
    private let bytesMax: Int
    private let filesMax: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - bytesMax: size that a file does not grow over, but for a single longer line.
    ///   - filesMax: rotated files that are kept, at least 1.
    /// - Throws: the reason why the file cannot be opened for appending.
    public init(path: String, bytesMax: Int, filesMax: Int) throws(OpenFailure) {
        precondition(bytesMax > 0 && filesMax > 0, "a log file needs a size and at least one predecessor")
        guard let opened = Self.open(path) else {
            throw OpenFailure(
                description: "cannot open the log file \(path): \(String(cString: strerror(errno))); "
                    + "set storm.log.dir to a folder that can be written")
        }
        self.path = path
        self.bytesMax = bytesMax
        self.filesMax = filesMax
        state = Mutex(opened)
    }

    deinit {
        state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } }
    }

    public func write(_ line: String) {
        let fellThrough = state.withLock { state -> Bool in
            if state.descriptor < 0 { state = Self.open(path) ?? state }
            if state.bytes > 0, state.bytes + line.utf8.count > bytesMax { rotate(&state) }
            guard state.descriptor >= 0, let count = DescriptorSink.writeAll(line, to: state.descriptor) else {
                return true
            }
            state.bytes += count
            return false
        }
        if fellThrough { DescriptorSink.standardError.write(line) }
    }

    private func rotate(_ state: inout State) {
        if state.descriptor >= 0 { close(state.descriptor) }
        for number in stride(from: filesMax - 1, through: 1, by: -1) {
            rename("\(path).\(number)", "\(path).\(number + 1)")  // a gap in the row is no fault
        }
        rename(path, "\(path).1")
        state = Self.open(path) ?? State(descriptor: -1, bytes: 0)
    }

    private static func open(_ path: String) -> State? {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        let bytes = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        return State(descriptor: descriptor, bytes: bytes)
    }
}
