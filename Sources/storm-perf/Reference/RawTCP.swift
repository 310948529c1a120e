import Glibc

/// What a loopback connection moves when nothing is done with the bytes: one thread writes 64 KiB at a time, another reads.
enum RawTCP {
    private static let chunkBytes = 64 << 10

    static func run(seconds: Double) throws -> ReferenceResult {
        let (sender, receiver) = try connectedPair()
        defer { close(receiver) }
        let meter = ReferenceMeter()
        var thread = pthread_t()
        let job = Unmanaged.passRetained(Job(descriptor: sender, seconds: seconds))
        let failure = pthread_create(&thread, nil, writeUntilTime, job.toOpaque())
        guard failure == 0 else {
            job.release()
            close(sender)
            throw PerfError("no thread: \(String(cString: strerror(failure)))")
        }
        var bytes = 0
        var buffer = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let count = read(receiver, &buffer, buffer.count)
            if count <= 0 { break }
            bytes += count
        }
        pthread_join(thread, nil)
        return meter.result("raw-tcp", "bytes", bytes)
    }

    final class Job: Sendable {
        let descriptor: Int32
        let seconds: Double

        init(descriptor: Int32, seconds: Double) {
            self.descriptor = descriptor
            self.seconds = seconds
        }

        func write() {
            let meter = ReferenceMeter()
            let buffer = [UInt8](repeating: 7, count: RawTCP.chunkBytes)
            while meter.seconds < seconds {
                // The reader is this program: an error ends the run, and the reader sees the end of the stream.
                if send(descriptor, buffer, buffer.count, Int32(MSG_NOSIGNAL)) <= 0 { break }
            }
            close(descriptor)
        }
    }

    private static func connectedPair() throws -> (Int32, Int32) {
        func check(_ result: Int32, _ call: String) throws -> Int32 {
            guard result >= 0 else { throw PerfError("\(call): \(String(cString: strerror(errno)))") }
            return result
        }
        let stream = Int32(SOCK_STREAM.rawValue)
        let listener = try check(socket(AF_INET, stream, 0), "socket")
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let sender = try check(socket(AF_INET, stream, 0), "socket")
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = try check(bind(listener, generic, length), "bind")
                _ = try check(listen(listener, 1), "listen")
                _ = try check(getsockname(listener, generic, &length), "getsockname")
                _ = try check(connect(sender, generic, length), "connect")
            }
        }
        return (sender, try check(accept(listener, nil, nil), "accept"))
    }
}

private func writeUntilTime(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<RawTCP.Job>.fromOpaque(argument).takeRetainedValue().write()
    return nil
}
