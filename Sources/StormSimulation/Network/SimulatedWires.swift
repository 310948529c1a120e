import StormCore
import StormTransport

/// Connections between workers: bytes arrive in order and late, in pieces cut anywhere, and are lost only with the
/// connection. A way that is blocked holds them up until the connection counts as broken.
final class SimulatedWires: Sendable {
    struct Piece {
        let bytes: [UInt8]
        let due: Int64
    }

    struct End {
        let process: SimulatedProcess
        let transport: SteppedTransport
        var link: Int
        /// When the newest piece sent from here arrives.
        var lastArrival: Int64 = 0
        /// Sent from here and not arrived, oldest first.
        var queue: [Piece] = []
        /// Reports to this end are wanted.
        var isOpen = true
        /// A frame that the next one from here overtakes.
        var held: [UInt8]?
    }

    struct Connection {
        var ends: [End]
        /// Since when something waits for a blocked way.
        var blockedSince: Int64?
    }

    struct Listener {
        let process: SimulatedProcess
        let transport: SteppedTransport
        let machine: Int
    }

    struct State {
        var connections: [Int: Connection] = [:]
        var nextNumber = 1
        var listeners: [String: Listener] = [:]
        var connectivity = Connectivity()
        /// The longest time that a piece is under way.
        var delayMax: Int64 = 3_000_000
        var bytesCarried = 0
        var pieces = 0
        /// The next pieces get a wrong byte.
        var corruptNext = 0
        var corrupted = 0
        var cuts = 0
        /// What happens to the next frames, one each.
        var tricks: [FrameTrick] = []
        /// How often each trick was played.
        var played: [String: Int] = [:]
    }

    /// In place of the link of an end whose process has not looked yet.
    private static let notAccepted = -1
    private static let silenceNanoseconds: Int64 = 10_000_000_000
    private static let retryNanoseconds: Int64 = 100_000_000

    let world: World
    let state = Confined(State())

    init(_ world: World) { self.world = world }

    // MARK: Workers

    func listen(_ address: WorkerAddress, _ process: SimulatedProcess, _ transport: SteppedTransport) {
        state.it.listeners[key(address)] = Listener(process: process, transport: transport, machine: process.machine)
        process.state.it.onEnd.append { [weak self] _ in self?.ended(process, address) }
    }

    private func key(_ address: WorkerAddress) -> String { "\(address.node):\(address.port)" }

    private func ended(_ process: SimulatedProcess, _ address: WorkerAddress) {
        if state.it.listeners[key(address)]?.process === process { state.it.listeners[key(address)] = nil }
        for (number, connection) in state.it.connections.sorted(by: { $0.key < $1.key }) {
            for side in 0...1 where connection.ends[side].process === process { closed(number, by: side) }
        }
    }

    // MARK: Connections

    func connect(from process: SimulatedProcess, _ transport: SteppedTransport, link: Int, to address: WorkerAddress) {
        world.after(world.random(100_000...2_000_000)) { [self] in
            guard process.isAlive else { return }
            guard let listener = state.it.listeners[key(address)], listener.process.isAlive else {
                return world.after(500_000, in: process) { transport.closed(link: link, "connection refused") }
            }
            guard state.it.connectivity.isOpenBothWays(process.machine, listener.machine) else {
                return world.after(3_000_000_000, in: process) { transport.closed(link: link, "connect timed out") }
            }
            // The kernel accepts for a process that has no time to.
            let number = state.it.nextNumber
            state.it.nextNumber += 1
            state.it.connections[number] = Connection(
                ends: [
                    End(process: process, transport: transport, link: link),
                    End(process: listener.process, transport: listener.transport, link: Self.notAccepted),
                ], blockedSince: nil)
            world.note("connection \(number): \(process.name) to \(listener.process.name)")
            world.after(0, in: listener.process) { [self] in accept(number, listener.transport) }
            world.after(world.random(100_000...2_000_000), in: process) { transport.connected(link: link) }
        }
    }

    private func accept(_ number: Int, _ transport: SteppedTransport) {
        guard let end = state.it.connections[number]?.ends[1], end.isOpen else { return }
        guard let link = transport.accepted() else { return closed(number, by: 1) }
        state.it.connections[number]?.ends[1].link = link
    }

    private func find(_ process: SimulatedProcess, _ link: Int) -> (number: Int, side: Int)? {
        for (number, connection) in state.it.connections {
            for side in 0...1 where connection.ends[side].process === process && connection.ends[side].link == link {
                return (number, side)
            }
        }
        return nil
    }

    func send(_ bytes: [UInt8], from process: SimulatedProcess, link: Int) {
        guard let (number, side) = find(process, link) else { return }
        for frame in tricked(bytes, number, side) { carry(frame, number, side) }
    }

    func carry(_ bytes: [UInt8], _ number: Int, _ side: Int) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Usually whole, sometimes in two pieces or more.
            let count = world.oneIn(4) ? world.random(1..<rest.count + 1) : rest.count
            var piece = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            if state.it.corruptNext > 0 {
                state.it.corruptNext -= 1
                state.it.corrupted += 1
                let index = world.random(0..<piece.count)
                piece[index] ^= UInt8(1 << world.random(0..<8))
                world.note("connection \(number): byte \(index) of \(piece.count) corrupted")
            }
            state.it.bytesCarried += piece.count
            state.it.pieces += 1
            let due = world.now + world.random(50_000...state.it.delayMax)
            let arrival = max(due, state.it.connections[number]?.ends[side].lastArrival ?? 0)
            state.it.connections[number]?.ends[side].lastArrival = arrival
            state.it.connections[number]?.ends[side].queue.append(Piece(bytes: piece, due: arrival))
            world.after(arrival - world.now) { [self] in deliver(number, side) }
        }
    }

    private func deliver(_ number: Int, _ side: Int) {
        while let connection = state.it.connections[number], let head = connection.ends[side].queue.first,
            head.due <= world.now
        {
            let (from, to) = (connection.ends[side].process.machine, connection.ends[1 - side])
            guard state.it.connectivity.isOpen(from: from, to: to.process.machine) else {
                // The kernel sends again, until it gives up.
                let since = connection.blockedSince ?? world.now
                state.it.connections[number]?.blockedSince = since
                if world.now - since > Self.silenceNanoseconds { return cut(number, "silence") }
                return world.after(Self.retryNanoseconds) { [self] in deliver(number, side) }
            }
            state.it.connections[number]?.blockedSince = nil
            state.it.connections[number]?.ends[side].queue.removeFirst()
            guard to.isOpen else { continue }
            world.after(0, in: to.process) { [self] in
                let link = state.it.connections[number]?.ends[1 - side].link ?? to.link
                to.transport.received(head.bytes, link: link)
            }
        }
    }

    /// One side closes; the other hears of it if it can.
    func closed(_ number: Int, by side: Int) {
        guard let connection = state.it.connections[number], connection.ends[side].isOpen else { return }
        state.it.connections[number]?.ends[side].isOpen = false
        let other = connection.ends[1 - side]
        let isHeard = state.it.connectivity.isOpen(
            from: connection.ends[side].process.machine, to: other.process.machine)
        // Behind what is still under way; some of it arrives after its sender has given it up.
        let arrival = max(world.now + world.random(100_000...3_000_000), connection.ends[side].lastArrival)
        world.after(isHeard ? arrival - world.now : Self.silenceNanoseconds) { [self] in
            report(number, 1 - side, "the other side closed the connection")
            state.it.connections[number] = nil
        }
    }

    func close(_ process: SimulatedProcess, link: Int) {
        guard let (number, side) = find(process, link) else { return }
        closed(number, by: side)
    }

    /// Breaks a connection: both sides hear of it, at different times; what is under way is lost, or a part of it.
    func cut(_ number: Int, _ why: String) {
        guard state.it.connections[number] != nil else { return }
        world.note("connection \(number) is cut: \(why)")
        state.it.cuts += 1
        let first = world.random(0..<2)
        report(number, first, "connection reset")
        let later = world.random(0...20_000_000)
        // Until the second one hears of it, it still gets what was sent before.
        world.after(later) { [self] in
            report(number, 1 - first, "connection reset")
            state.it.connections[number] = nil
        }
    }

    private func report(_ number: Int, _ side: Int, _ reason: String) {
        guard let end = state.it.connections[number]?.ends[side], end.isOpen else { return }
        state.it.connections[number]?.ends[side].isOpen = false
        world.after(0, in: end.process) { end.transport.closed(link: end.link, reason) }
    }

    var openConnections: [Int] { state.it.connections.keys.sorted() }
}
