import Glibc
import Storm

/// Writes each number that arrives to a file, and acks it then.
final class Arrivals: Bolt {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let outputs: Outputs = []

    private let path: String
    private var descriptor: Int32 = -1

    init(_ path: String) { self.path = path }

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(description: "\(path): error \(errno)") }
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        let line = Array("\(tuple.int(0))\n".utf8)
        // A short line is written whole or not at all.
        guard write(descriptor, line, line.count) == line.count else {
            throw Failure(description: "\(path): error \(errno)")
        }
        out.ack(tuple)
    }

    func cleanup() { _ = close(descriptor) }
}
