import Dispatch
import Glibc
import Synchronization

/// A TCP proxy on loopback that can swallow what the server answers, fall silent, and cut connections.
final class TestProxy: Sendable {
    enum Mode: Sendable {
        case forward
        /// Requests reach the server, answers are thrown away.
        case swallowReplies
        /// Nothing passes either way; connections stay open.
        case silent
    }

    private struct State {
        var mode = Mode.forward
        var sockets: Set<Int32> = []
        var swallowed = 0
        var isClosed = false
    }

    let port: Int
    private let listener: Int32
    private let target: Int
    private let state = Mutex(State())
    private let threads = DispatchQueue(label: "proxy", attributes: .concurrent)

    init(to target: Int) throws {
        self.target = target
        let accepting = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(accepting, $0, length) }
        }
        guard isBound == 0, listen(accepting, 16) == 0 else { throw DeadlinePassed(description: "cannot listen") }
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(accepting, $0, &length) }
        }
        listener = accepting
        port = Int(UInt16(bigEndian: address.sin_port))
        threads.async { [weak self] in
            while true {
                let client = accept(accepting, nil, nil)
                guard client >= 0, let self else { return }
                self.serve(client)
            }
        }
    }

    var address: String { "127.0.0.1:\(port)" }
    var mode: Mode {
        get { state.withLock { $0.mode } }
        set { state.withLock { $0.mode = newValue } }
    }
    /// Bytes of answers thrown away.
    var swallowedBytes: Int { state.withLock { $0.swallowed } }

    /// Cuts all connections; new ones are accepted.
    func cut() {
        state.withLock { state in
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        shutdown(listener, Int32(SHUT_RDWR))
        cut()
    }

    private func serve(_ client: Int32) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port: UInt16(target))
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard isConnected == 0 else {
            _ = Glibc.close(client)
            _ = Glibc.close(server)
            return
        }
        state.withLock { $0.sockets.formUnion([client, server]) }
        let ends = Ends(client: client, server: server)
        threads.async { self.pump(from: client, to: server, isReply: false, ends) }
        threads.async { self.pump(from: server, to: client, isReply: true, ends) }
    }

    private func pump(from source: Int32, to sink: Int32, isReply: Bool, _ ends: Ends) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count <= 0 { break }
            let isDropped = state.withLock { state in
                switch state.mode {
                case .forward: return false
                case .silent: return true
                case .swallowReplies:
                    if isReply { state.swallowed += count }
                    return isReply
                }
            }
            if isDropped { continue }
            var sent = 0
            while sent < count {
                let written = buffer.withUnsafeBytes {
                    send(sink, $0.baseAddress! + sent, count - sent, Int32(MSG_NOSIGNAL))
                }
                if written <= 0 { break }
                sent += written
            }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(sink, Int32(SHUT_RDWR))
        guard ends.isLast() else { return }
        state.withLock { $0.sockets.subtract([ends.client, ends.server]) }
        _ = Glibc.close(ends.client)
        _ = Glibc.close(ends.server)
    }

    /// The two sockets of a connection, closed by whichever direction ends last.
    private final class Ends: Sendable {
        let client: Int32
        let server: Int32
        private let open = Mutex(2)

        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }

        func isLast() -> Bool {
            open.withLock {
                $0 -= 1
                return $0 == 0
            }
        }
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
