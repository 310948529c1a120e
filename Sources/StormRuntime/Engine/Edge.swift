import StormTopology
public import StormWire
import Synchronization

/// The way from one task to one other task: where its batches go, and how many bytes may be under way.
///
/// The receiver's task grants `windowBytes`; a batch takes its size from the window when it is sent and gives it back
/// when it has been executed, in this process or in another. A sender that finds the window used up is not run until
/// credit returns, so nothing overflows and nothing is dropped. Edges of ack traffic and edges that close a cycle have
/// no window: otherwise a cycle could wait for itself. What they carry is bounded by the pending messages of the spouts.
// @unchecked: `sender` is set once before the loops start; the batch size fields are only touched by the sending executor.
final class Edge: OutboxEdge, CreditHolder, @unchecked Sendable {
    private let target: BatchTarget
    private let windowBytes: Int
    private let isExempt: Bool
    /// Bytes under way × 2, plus 1 while the sender waits for credit.
    private let underWay = Atomic<Int>(0)
    weak var sender: Executor?
    private var sizeClass = 0

    /// - Parameter windowBytes: nil for no flow control.
    init(to target: BatchTarget, windowBytes: Int?) {
        self.target = target
        self.windowBytes = windowBytes ?? Int.max / 4
        isExempt = windowBytes == nil
    }

    func send(_ batch: Batch) {
        adaptSize(used: batch.byteCount, of: batch.capacityBytes)
        batch.credit = self
        underWay.add(batch.byteCount * 2, ordering: .relaxed)
        target.deliver(batch)
    }

    var isOutOfCredit: Bool { !isExempt && underWay.load(ordering: .relaxed) / 2 >= windowBytes }
    var isIdle: Bool { underWay.load(ordering: .relaxed) / 2 == 0 }

    /// Asks to be notified when credit returns. - Returns: false when there is credit after all.
    func awaitCredit() -> Bool {
        guard !isExempt else { return false }
        let value = underWay.bitwiseOr(1, ordering: .acquiringAndReleasing).newValue
        if value / 2 >= windowBytes { return true }
        underWay.bitwiseAnd(~1, ordering: .acquiringAndReleasing)
        return false
    }

    func returnCredit(_ bytes: Int, sequence: UInt64) {
        let value = underWay.subtract(bytes * 2, ordering: .acquiringAndReleasing).newValue
        if value & 1 == 1 {
            underWay.bitwiseAnd(~1, ordering: .acquiringAndReleasing)
            sender?.notify()
        }
    }

    func nextBatchBytes(atLeast bytes: Int) -> Int { max(bytes, BatchPool.sizes[sizeClass]) }

    /// Batches grow while they leave full and shrink while they leave nearly empty, so that thousands of quiet edges
    /// hold little memory and a busy one is cheap per tuple. Half is full: the next tuple may have been too long.
    private func adaptSize(used: Int, of capacity: Int) {
        if used * 2 > capacity {
            sizeClass = min(sizeClass + 1, BatchPool.sizes.count - 1)
        } else if used * 4 < capacity {
            sizeClass = max(sizeClass - 1, 0)
        }
    }
}

/// Where sealed batches go: an executor of this process, or the transport.
enum BatchTarget {
    case later(Edge.Placeholder)
    case remote(any TupleTransport)

    func deliver(_ batch: Batch) {
        switch self {
        case .later(let place): place.executor?.deliver(batch)
        case .remote(let transport): transport.send(batch)
        }
    }
}

/// Carries batches to the workers of other tasks.
///
/// The transport keeps a sent batch until the other side has executed it, then calls `batch.credit?.returnCredit`; if
/// the connection breaks before, it hands every unconfirmed batch to `TopologyEngine.lost`, so that the trees within
/// fail at once. Implementations never block: credits bound what is queued.
public protocol TupleTransport: AnyObject, Sendable {
    /// Queues a sealed batch for the worker of its destination task. Any thread.
    func send(_ batch: Batch)
}
