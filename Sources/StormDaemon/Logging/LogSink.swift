import Glibc

/// Takes finished log lines. Called from any thread; `write` returns when the line is with the operating system.
public protocol LogSink: Sendable {
    func write(_ line: String)
}

/// Each line to two places, the first one first.
struct DoubleSink: LogSink {
    let first: any LogSink
    let second: any LogSink

    func write(_ line: String) {
        first.write(line)
        second.write(line)
    }
}

/// Lines to an open descriptor, standard error as a rule. A line is one `write`, so lines of several processes on the
/// same descriptor do not mix.
public struct DescriptorSink: LogSink {
    private let descriptor: Int32

    public init(descriptor: Int32) { self.descriptor = descriptor }

    public static let standardError = DescriptorSink(descriptor: STDERR_FILENO)
    static let standardOutput = DescriptorSink(descriptor: STDOUT_FILENO)

    public func write(_ line: String) {
        // A log that cannot be written has nobody left to be told.
        _ = Self.writeAll(line, to: descriptor)
    }

    /// Bytes written, or nil after an error, which is in `errno`.
    package static func writeAll(_ line: String, to descriptor: Int32) -> Int? {
        var line = line
        return line.withUTF8 { buffer in
            var written = 0
            while written < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                if count < 0 {
                    if errno == EINTR { continue }
                    return nil
                }
                written += count
            }
            return written
        }
    }
}
