import NIOCore
import Synchronization

/// The accepted connections of one transport. Any thread.
final class InboundRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// When each came: the number of connections before it.
        var numbers: [ObjectIdentifier: UInt64] = [:]
        var accepted: UInt64 = 0
        /// The connection of each worker, by node and port.
        var byOrigin: [String: any Channel] = [:]
        var isClosed = false

        mutating func forget(_ channel: any Channel) {
            channels[ObjectIdentifier(channel)] = nil
            numbers[ObjectIdentifier(channel)] = nil
        }

        func oldestStranger() -> (any Channel)? {
            let known = Set(byOrigin.values.map { ObjectIdentifier($0) })
            let id = numbers.filter { !known.contains($0.key) }.min { $0.value < $1.value }?.key
            return id.flatMap { channels[$0] }
        }
    }

    private let state = Mutex(State())

    /// Connections at one time of which it is not known that workers are at their other ends. Whole topologies may come at
    /// once, and a handshake takes milliseconds; half of the descriptors that a process has by default are left.
    static let strangersMax = 512

    /// When strangers have all places, the one that came first goes: it has had the time for its handshake.
    /// - Returns: false when no more are taken. O(1); O(strangers) when their places are all taken.
    func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let (isTaken, displaced): (Bool, (any Channel)?) = state.withLock { state in
            guard !state.isClosed else { return (false, nil) }
            guard state.channels[id] == nil else { return (true, nil) }
            var oldest: (any Channel)?
            if state.channels.count - state.byOrigin.count >= Self.strangersMax { oldest = state.oldestStranger() }
            if let oldest { state.forget(oldest) }
            state.channels[id] = channel
            state.numbers[id] = state.accepted
            state.accepted += 1
            return (true, oldest)
        }
        displaced?.close(promise: nil)
        return isTaken
    }

    func remove(_ channel: any Channel) {
        state.withLock { state in
            state.forget(channel)
            for (origin, other) in state.byOrigin where other === channel { state.byOrigin[origin] = nil }
        }
    }

    /// Makes `channel` the connection of the worker and closes the one it had.
    func supersede(_ origin: String, with channel: any Channel) {
        let old = state.withLock { $0.byOrigin.updateValue(channel, forKey: origin) }
        old?.close(promise: nil)
    }

    /// Closes all connections; later ones too if `forGood`. Returns when they are closed.
    func closeAll(forGood: Bool) async {
        let channels = state.withLock { state in
            state.isClosed = state.isClosed || forGood
            return Array(state.channels.values)
        }
        for channel in channels {
            channel.close(promise: nil)
            // A connection that ends with an error has ended as well.
            try? await channel.closeFuture.get()
        }
    }
}
