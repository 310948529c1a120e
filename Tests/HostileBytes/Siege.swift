import Glibc

/// Many connections to one port at a time, which say next to nothing, a byte now and then: how long a port keeps them.
/// Blocking: not for an event loop's thread.
package struct Siege {
    package struct Outcome: Sendable {
        /// Connections that the port took at all.
        package var opened = 0
        /// Closed by the port in time.
        package var closed = 0
        /// Of them the last one, from the start of the siege.
        package var lastClosedSeconds = 0.0
        /// Still open when the time was up.
        package var open = 0
    }

    private struct Connection {
        let descriptor: Int32
        /// Of the opening, then over and over again the last byte of it.
        var sent = 0
    }

    private let opening: [UInt8]
    private var connections: [Connection] = []
    private var outcome = Outcome()
    private let start = ContinuousClock.now

    /// - Parameter opening: what each one says, byte by byte; a request that never ends.
    private init(_ opening: [UInt8]) { self.opening = opening }

    /// - Parameters:
    ///   - opening: not empty.
    ///   - atOnce: bytes of it that are sent at the start.
    ///   - seconds: when it is given up.
    package static func lay(
        to host: String, port: Int, connections count: Int, opening: [UInt8], atOnce: Int = 4, seconds: Double
    ) -> Outcome {
        precondition(!opening.isEmpty, "a siege needs something to say")
        var siege = Siege(opening)
        for _ in 0..<count {
            guard let descriptor = Stranger.connected(to: host, port: port, milliseconds: 4000) else { continue }
            siege.connections.append(Connection(descriptor: descriptor))
        }
        siege.outcome.opened = siege.connections.count
        for index in siege.connections.indices { siege.say(index, atOnce) }
        while !siege.connections.isEmpty, siege.seconds < seconds {
            siege.listen(milliseconds: 250)
            for index in siege.connections.indices { siege.say(index, 1) }
        }
        siege.outcome.open = siege.connections.count
        for connection in siege.connections { close(connection.descriptor) }
        return siege.outcome
    }

    private var seconds: Double {
        let parts = (ContinuousClock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    private mutating func say(_ index: Int, _ count: Int) {
        for _ in 0..<count {
            let byte = opening[min(connections[index].sent, opening.count - 1)]
            connections[index].sent += 1
            // A connection that cannot be written to is found by the next look.
            withUnsafeBytes(of: byte) {
                _ = send(connections[index].descriptor, $0.baseAddress, 1, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
        }
    }

    /// Takes out those that the port has closed; waits as long as nothing happens.
    private mutating func listen(milliseconds: Int32) {
        var looks = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        guard poll(&looks, nfds_t(looks.count), milliseconds) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        connections = zip(connections, looks).compactMap { connection, look in
            guard look.revents != 0 else { return connection }
            let count = recv(connection.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 || (count < 0 && errno == EAGAIN) { return connection }
            close(connection.descriptor)
            outcome.closed += 1
            outcome.lastClosedSeconds = seconds
            return nil
        }
    }
}
