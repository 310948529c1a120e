import StormCore
import StormTestKit
import StormWire
import Synchronization

@testable import StormRuntime

/// Two workers' connection in simulation: bytes arrive late, in order, or not at all; a sender keeps what was not
/// confirmed, as the real transport does.
final class SimulatedNetwork: Sendable {
    private enum Content {
        case batch([UInt8])
        /// The receiver executed the batch with this number.
        case confirmation(Int)
    }

    private struct Flight {
        let number: Int
        let due: Int64
        let content: Content
    }

    private struct State {
        var random: FastRandom
        /// What is under way from each side, oldest first.
        var lanes: [[Flight]] = [[], []]
        /// What each side sent and has not been told of.
        var unconfirmed: [[(number: Int, batch: Batch)]] = [[], []]
        var lastNumber = 0
        /// Counts connections: what belongs to an old one is void.
        var epoch = 0
        var maxDelayNanoseconds: Int64
    }

    private let state: Mutex<State>
    private let clock: SimulatedClock

    init(clock: SimulatedClock, seed: UInt64, maxDelayNanoseconds: Int64) {
        self.clock = clock
        state = Mutex(State(random: FastRandom(seed: seed), maxDelayNanoseconds: maxDelayNanoseconds))
    }

    /// One side's way out.
    final class Port: TupleTransport {
        private let network: SimulatedNetwork
        private let side: Int

        init(_ network: SimulatedNetwork, side: Int) {
            self.network = network
            self.side = side
        }

        func send(_ batch: Batch) { network.send(batch, from: side) }
    }

    /// Stands for a delivered batch at its receiver.
    private final class Receipt: CreditHolder {
        private let network: SimulatedNetwork
        private let side: Int
        private let number: Int
        private let epoch: Int

        init(_ network: SimulatedNetwork, side: Int, number: Int, epoch: Int) {
            self.network = network
            self.side = side
            self.number = number
            self.epoch = epoch
        }

        func returnCredit(_ bytes: Int, sequence: UInt64) { network.confirm(number, from: side, epoch: epoch) }
    }

    private func send(_ batch: Batch, from side: Int) {
        state.withLock { state in
            state.unconfirmed[side].append((state.lastNumber + 1, batch))
            launch(&state, .batch(withExtendedLifetime(batch) { Array(batch.bytes) }), from: side)
        }
    }

    private func confirm(_ number: Int, from side: Int, epoch: Int) {
        state.withLock { state in
            guard state.epoch == epoch else { return }
            launch(&state, .confirmation(number), from: side)
        }
    }

    private func launch(_ state: inout State, _ content: Content, from side: Int) {
        state.lastNumber += 1
        let due = clock.monotonicNanoseconds() + Int64.random(in: 0...state.maxDelayNanoseconds, using: &state.random)
        state.lanes[side].append(
            Flight(number: state.lastNumber, due: max(due, state.lanes[side].last?.due ?? 0), content: content))
    }

    /// When the next thing arrives.
    var nextArrival: Int64 { state.withLock { $0.lanes.reduce(.max) { min($0, $1.first?.due ?? .max) } } }

    /// Hands over the oldest thing that is due from `side`. - Returns: false when nothing is.
    func deliver(from side: Int, to engines: [TopologyEngine]) -> Bool {
        let now = clock.monotonicNanoseconds()
        let arrived: (Flight, Int)? = state.withLock { state in
            guard let first = state.lanes[side].first, first.due <= now else { return nil }
            return (state.lanes[side].removeFirst(), state.epoch)
        }
        guard let (flight, epoch) = arrived else { return false }
        let receiver = engines[1 - side]
        switch flight.content {
        case .batch(let bytes):
            let batch = Batch(capacityBytes: bytes.count, schema: receiver.schema)
            bytes.withUnsafeBytes { batch.base.copyMemory(from: $0.baseAddress!, byteCount: bytes.count) }
            batch.credit = Receipt(self, side: 1 - side, number: flight.number, epoch: epoch)
            receiver.receive(batch)
        case .confirmation(let number):
            let batch: Batch? = state.withLock { state in
                let index = state.unconfirmed[1 - side].firstIndex { $0.number == number }
                return index.map { state.unconfirmed[1 - side].remove(at: $0).batch }
            }
            guard let batch else { return true }
            let credit = batch.credit
            batch.credit = nil
            credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        }
        return true
    }

    /// The connection breaks and is made again: all that was under way is gone.
    /// - Returns: what each side has to give up.
    func breakConnection() -> [[Batch]] {
        state.withLock { state in
            state.epoch += 1
            state.lanes = [[], []]
            defer { state.unconfirmed = [[], []] }
            return state.unconfirmed.map { $0.map(\.batch) }
        }
    }
}
