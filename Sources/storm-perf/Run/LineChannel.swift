import FoundationEssentials
import Glibc

/// Lines of JSON over two descriptors, between the measuring process and its workers. Blocking; one thread.
struct LineChannel {
    private let input: Int32
    private let output: Int32
    private var buffer: [UInt8] = []

    init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    func send(_ value: some Encodable) throws {
        var bytes = [UInt8](try JSONEncoder().encode(value)) + [UInt8(ascii: "\n")]
        while !bytes.isEmpty {
            let count = write(output, bytes, bytes.count)
            guard count > 0 || errno == EINTR else { throw PerfError("a worker process does not read any more") }
            if count > 0 { bytes.removeFirst(count) }
        }
    }

    /// - Returns: nil at the end of the input.
    /// - Throws: `PerfError` when nothing comes in time.
    mutating func receive<T: Decodable>(_ type: T.Type, within seconds: Double) throws -> T? {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(buffer[..<end])
                buffer.removeSubrange(...end)
                return try JSONDecoder().decode(type, from: line)
            }
            let left = Double((deadline - clock.now).components.seconds) + 1
            var poll = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            guard clock.now < deadline, Glibc.poll(&poll, 1, Int32(min(left, 1e6) * 1000)) >= 0 || errno == EINTR else {
                throw PerfError("no answer from a worker process")
            }
            guard poll.revents != 0 else { continue }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(input, &chunk, chunk.count)
            if count == 0 { return nil }
            if count > 0 { buffer += chunk[..<count] }
        }
    }
}
