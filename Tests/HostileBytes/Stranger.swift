import Glibc

/// A client that says something to a port and looks at what happens. Blocking: not for an event loop's thread.
package enum Stranger {
    package enum End: Sendable {
        /// The port closed the connection.
        case closed
        /// It was still open when the time was up.
        case open
        case refused
    }

    /// Connects, sends the pieces, ends its own direction unless `lingers`, and reads until the connection ends or the time
    /// is up.
    /// - Parameter host: an IPv4 address.
    package static func say(
        _ pieces: [ArraySlice<UInt8>], to host: String, port: Int, lingers: Bool = false, milliseconds: Int
    ) -> End {
        guard let descriptor = connected(to: host, port: port, milliseconds: milliseconds) else { return .refused }
        defer { close(descriptor) }
        for piece in pieces where !piece.isEmpty {
            let sent = piece.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // The port may have had enough in the middle.
            if sent < piece.count { return errno == EAGAIN ? .open : .closed }
        }
        if !lingers { shutdown(descriptor, Int32(SHUT_WR)) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 && errno == EAGAIN { return .open }
            if count <= 0 { return .closed }
        }
    }

    /// A connection to a port, for the caller to close; nil: refused.
    /// - Parameters:
    ///   - host: an IPv4 address.
    ///   - milliseconds: longest wait of each call on it.
    static func connected(to host: String, port: Int, milliseconds: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var wait = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        let isKnown = inet_pton(AF_INET, host, &address.sin_addr) == 1
        let isConnected =
            isKnown
            && withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }

    /// Resident memory of a process in bytes; nil when it does not run.
    package static func residentBytes(of pid: Int32 = getpid()) -> Int? {
        guard let file = fopen("/proc/\(pid)/statm", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
