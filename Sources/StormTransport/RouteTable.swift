import StormCore
import StormWire
import Synchronization

/// Which peer has which task, and the batches of tasks that run nowhere just now. Any thread.
///
/// Batches enter a peer's queue under the table's lock only. So once a peer is out of the table nothing enters its
/// queue any more, and what is in it can be moved. The lock is never held across a call to the engine or an event loop.
final class RouteTable: Sendable {
    private struct State {
        var placement: [TaskID: WorkerAddress] = [:]
        var peers: [WorkerAddress: Peer] = [:]
        /// By task number.
        var peerByTask: [Peer?] = []
        var unplaced: [Batch] = []
        var unplacedBytes = 0

        func peer(of task: Int32) -> Peer? {
            task >= 0 && Int(task) < peerByTask.count ? peerByTask[Int(task)] : nil
        }
    }

    /// What a new placement means for the peers.
    struct Changes: Sendable {
        var new: [Peer] = []
        /// Got batches that waited for a place of their task, in an empty queue.
        var woken: [Peer] = []
        /// Peers of the old placement that lost tasks, with these tasks; out of the table or not.
        var moved: [(peer: Peer, tasks: [TaskID], isGone: Bool)] = []
    }

    enum Outcome: Equatable { case queued, dropped }

    private let state = Mutex(State())
    private let unplacedBytesMax: Int

    init(unplacedBytesMax: Int) { self.unplacedBytesMax = unplacedBytesMax }

    /// Queues a batch for the peer of its task, or until its task has a place. Never blocks.
    func send(_ batch: Batch) -> Outcome {
        var wake: Peer?
        // It belongs to others once it is in a queue.
        let bytes = batch.byteCount
        let outcome = state.withLock { state -> Outcome in
            if let peer = state.peer(of: batch.destinationTask) {
                if peer.writer.queue.push(batch) { wake = peer }
                return .queued
            }
            guard state.unplacedBytes + bytes <= unplacedBytesMax else { return .dropped }
            state.unplaced.append(batch)
            state.unplacedBytes += bytes
            return .queued
        }
        wake?.wake(afterAdding: bytes)
        return outcome
    }

    /// - Parameter make: makes the peer of a new address; called under the lock, must not call back.
    func update(
        _ placement: [TaskID: WorkerAddress], except isOwn: (WorkerAddress) -> Bool, make: (WorkerAddress) -> Peer
    ) -> Changes {
        state.withLock { state in
            let wanted = placement.filter { !isOwn($0.value) }
            var changes = Changes()
            let moved = Dictionary(grouping: state.placement.filter { wanted[$0.key] != $0.value }, by: \.value)
            let addresses = Set(wanted.values)
            for (address, peer) in state.peers {
                let isGone = !addresses.contains(address)
                let tasks = moved[address, default: []].map(\.key).sorted()
                if isGone || !tasks.isEmpty { changes.moved.append((peer, tasks, isGone)) }
                if isGone { state.peers[address] = nil }
            }
            for address in addresses.sorted() where state.peers[address] == nil {
                let peer = make(address)
                state.peers[address] = peer
                changes.new.append(peer)
            }
            state.placement = wanted
            let last = wanted.keys.map { Int($0.rawValue) }.max() ?? -1
            state.peerByTask = Array(repeating: nil, count: last + 1)
            for (task, address) in wanted where task.rawValue >= 0 {
                state.peerByTask[Int(task.rawValue)] = state.peers[address]
            }
            changes.woken = Self.placeWaiting(&state)
            return changes
        }
    }

    /// Moves batches that waited for a place to the peers that now have their tasks.
    private static func placeWaiting(_ state: inout State) -> [Peer] {
        let waiting = state.unplaced
        state.unplaced = []
        state.unplacedBytes = 0
        var woken: [Peer] = []
        for batch in waiting {
            if let peer = state.peer(of: batch.destinationTask) {
                if peer.writer.queue.push(batch) { woken.append(peer) }
            } else {
                state.unplaced.append(batch)
                state.unplacedBytes += batch.byteCount
            }
        }
        return woken
    }

    /// Empties the table: every batch sent from now on waits for a place.
    func removeAll() -> [Peer] {
        state.withLock { state in
            defer {
                state.peers = [:]
                state.placement = [:]
                state.peerByTask = []
            }
            return Array(state.peers.values)
        }
    }

    func isPlaced(_ task: Int32) -> Bool { state.withLock { $0.peer(of: task) != nil } }
    func leads(_ task: Int32, to peer: Peer) -> Bool { state.withLock { $0.peer(of: task) === peer } }
    func tasks(at address: WorkerAddress) -> [TaskID] {
        state.withLock { state in state.placement.filter { $0.value == address }.map(\.key).sorted() }
    }

    /// The peer at a slot, however its machine is called. O(peers).
    func peer(at slot: WorkerAddress) -> Peer? {
        state.withLock { state in state.peers.first { $0.key.isSameSlot(as: slot) }?.value }
    }

    /// By address.
    var peers: [Peer] { state.withLock { $0.peers.sorted { $0.key < $1.key }.map(\.value) } }
    var unplacedBytes: Int { state.withLock { $0.unplacedBytes } }
}
