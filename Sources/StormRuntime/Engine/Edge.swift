import StormTopology
public import StormWire
import Synchronization

/// The way from one task to one other task: where its batches go, and how many bytes may be under way.
///
/// The receiver's task grants `windowBytes`; a batch takes its size from the window when it is sent and gives it back
/// when it has been executed, in this process or in another. A sender that finds the window used up is not run until
/// credit returns, so nothing overflows and nothing is dropped. Edges from ackers to spouts and edges that close a cycle
/// have no window: otherwise a cycle could wait for itself. What they carry is bounded by the pending messages of the
/// spouts; and those, also without `topology.max.spout.pending`, by the windows on the way to bolts and ackers.
// @unchecked: `sender` is set once before the loops start; the batch size fields are only touched by the sending executor.
final class Edge: OutboxEdge, CreditHolder, @unchecked Sendable {
    private let target: BatchTarget
    private let windowBytes: Int
    private let isExempt: Bool
    private let congestedBytes: Int
    /// Bytes under way × 2, plus 1 while the sender waits for credit.
    private let underWay = Atomic<Int>(0)
    weak var sender: Executor?
    private var sizeClass = 0
    private let maxSizeClass: Int

    /// - Parameter windowBytes: nil for no flow control.
    init(to target: BatchTarget, windowBytes: Int?) {
        self.target = target
        self.windowBytes = windowBytes ?? Int.max / 4
        isExempt = windowBytes == nil
        congestedBytes = (windowBytes ?? FlowControl.maxWindowBytes) / 2
        // To another process a batch costs wake-ups and system calls; in this one it should stay in the fastest cache.
        let largest = BatchPool.sizes.count - 1
        let takesLargest = target.isRemote && !isExempt && BatchPool.sizes[largest] * 2 <= self.windowBytes
        maxSizeClass = takesLargest ? largest : largest - 1
    }

    func send(_ batch: Batch) {
        adaptSize(used: batch.byteCount, of: batch.capacityBytes)
        batch.credit = self
        let (before, now) = underWay.add(batch.byteCount * 2, ordering: .relaxed)
        // Credit that nobody waits for may come back late and in bulk, what is needed to go on may not: a batch that
        // fills half of the window asks for it, and so does every one that fills all of it.
        let half = windowBytes / 2
        if !isExempt, before / 2 < half ? now / 2 >= half : now / 2 >= windowBytes { batch.isUrgent = true }
        target.deliver(batch)
    }

    var isOutOfCredit: Bool { !isExempt && underWay.load(ordering: .relaxed) / 2 >= windowBytes }
    /// Half a window: a receiver that keeps up with its sender does not let it come to that.
    var isCongested: Bool { underWay.load(ordering: .relaxed) / 2 >= congestedBytes }
    var isIdle: Bool { underWay.load(ordering: .relaxed) / 2 == 0 }

    /// Bytes sent and not executed yet.
    var bytesUnderWay: Int { underWay.load(ordering: .relaxed) / 2 }

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
        // A sender that waits is woken for half a window, not for each batch: a wake-up costs as much as dozens of tuples.
        if value & 1 == 1, value / 2 <= windowBytes / 2 {
            underWay.bitwiseAnd(~1, ordering: .acquiringAndReleasing)
            sender?.notify()
        }
    }

    func nextBatchBytes(atLeast bytes: Int) -> Int { max(bytes, BatchPool.sizes[sizeClass]) }

    /// Batches grow while they leave full and shrink while they leave nearly empty, so that thousands of quiet edges
    /// hold little memory and a busy one is cheap per tuple. Half is full: the next tuple may have been too long.
    private func adaptSize(used: Int, of capacity: Int) {
        if used * 2 > capacity {
            sizeClass = min(sizeClass + 1, maxSizeClass)
        } else if used * 4 < capacity {
            sizeClass = max(sizeClass - 1, 0)
        }
    }
}

/// Where sealed batches go: an executor of this process, or the transport.
enum BatchTarget {
    case later(Edge.Placeholder)
    case remote(any TupleTransport)

    var isRemote: Bool {
        if case .remote = self { true } else { false }
    }

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
