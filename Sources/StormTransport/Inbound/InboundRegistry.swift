import NIOCore
import Synchronization

/// The accepted connections of one transport. Any thread.
final class InboundRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// The connection of each worker, by node and port.
        var byOrigin: [String: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Connections at one time of which it is not known that workers are at their other ends. Whole topologies may come at
    /// once, and a handshake takes milliseconds; half of the descriptors that a process has by default are left.
    static let strangersMax = 512

    /// - Returns: false when no more are taken.
    func add(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        return state.withLock { state in
            guard !state.isClosed else { return false }
            let isKnown = state.channels[id] != nil
            guard isKnown || state.channels.count - state.byOrigin.count < Self.strangersMax else { return false }
            state.channels[id] = channel
            return true
        }
    }

    func remove(_ channel: any Channel) {
        state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
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
