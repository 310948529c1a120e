public import StormCore
public import StormWire

/// All outputs of one task: its outboxes, the routes of its streams, and its way to the ackers.
///
/// Confined to the executor that runs the task. The hot half is `state`; this object owns the memory and does what is
/// needed once per batch or for groupings that look at values.
public final class Emitter {
    @usableFromInline package let state: UnsafeMutablePointer<EmitterState>
    @usableFromInline let defaultRoute: UnsafeMutablePointer<StreamRoute>
    @usableFromInline package let task: TaskID
    /// Where the task's faults are noted.
    package let faults: FaultDesk
    package let component: String
    package let schema: Schema
    let edges: [any OutboxEdge]
    private let ackerBase: Int
    private var open: [Batch?]
    private var sequences: [UInt64]
    /// Outboxes with an open batch, in the order they were opened; also some whose batch has left since.
    private var dirty: [Int32] = []
    private var isDirty: [Bool]
    /// Why `mustStop` was set, as far as it is for want of credit.
    var waits = CreditWaits()
    /// Outboxes that got a copy of the tuple in hand; kept for hooks and `targets` only.
    var reached: [UnsafeMutablePointer<Outbox>] = []
    /// Whether `targets` is kept.
    package var keepsTargets = false
    /// The tasks that the last emit went to, in the order of its copies.
    package internal(set) var targets: [TaskID] = []
    /// Of the loop that runs the executor; another one when the executor moves.
    package var pool: BatchPool
    let routeCount: Int
    /// Counts what nobody gets; nil: nobody asks.
    package var drops: EmitDrops?
    /// Where a bolt leaves what it says about trees that it fails; nil: nobody reads it.
    package var notes: FailureNotes?
    /// Looks at what leaves; nil: nobody taps. See Emitter+Tap.
    var tap: (any TupleTap)?
    var tapsUnheard = false
    /// By own stream: outboxes whose copies the tap is shown.
    var tappedOutboxes: [Set<Int>] = []
    /// Subscriptions of each own stream, in the order of the routes.
    var subscriptions: [[Subscription]] = []
    let streams: [StreamDescription]
    package internal(set) var hooks: [any TaskHook] = [] {
        didSet { state.pointee.hasHooks = !hooks.isEmpty || tapsUnheard }
    }
    /// Whether tracked messages are kept for retries: then they leave the fast paths. Set before routes are resolved.
    var keepsMessages = false
    /// Stands for "no batch open" in every closed outbox.
    private let closed: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - edges: one per target task, then one per acker task.
    package init(
        task: TaskID, component: ComponentDescription?, schema: Schema, edges: [any OutboxEdge], ackerCount: Int,
        pool: BatchPool, seed: UInt64
    ) {
        self.task = task
        self.component = component?.id ?? TopologyPlan.ackerComponent
        self.schema = schema
        self.edges = edges
        self.pool = pool
        streams = component?.streams ?? []
        routeCount = streams.count
        ackerBase = edges.count - ackerCount
        open = Array(repeating: nil, count: edges.count)
        isDirty = Array(repeating: false, count: edges.count)
        sequences = Array(repeating: 0, count: edges.count)
        closed = .allocate(byteCount: 1, alignment: 1)
        let outboxes = UnsafeMutablePointer<Outbox>.allocate(capacity: max(1, edges.count))
        outboxes.initialize(repeating: Outbox(closedAt: closed), count: max(1, edges.count))
        let routes = UnsafeMutablePointer<StreamRoute>.allocate(capacity: routeCount + 1)
        // The last route stands in for a default stream that was not declared: any emit on it is refused.
        (routes + routeCount).initialize(
            to: StreamRoute(index: routeCount, streamNumber: 0, fieldCount: .max, box: outboxes))
        defaultRoute = routes + (streams.firstIndex { $0.id == .default } ?? routeCount)
        for (index, stream) in streams.enumerated() {
            guard let number = schema.plan.streamNumber(GlobalStreamID(self.component, stream.id)) else {
                preconditionFailure("stream \(stream.id) of \(self.component) is not in the plan")
            }
            (routes + index).initialize(
                to: StreamRoute(
                    index: index, streamNumber: UInt16(number), fieldCount: UInt16(stream.fields.count), box: outboxes))
        }
        let scratchBytes = 4096
        // A tuple names its stream by a number below this, whoever sent it.
        let settled = UnsafeMutablePointer<SettledCounts>.allocate(capacity: schema.streams.count)
        settled.initialize(repeating: SettledCounts(), count: schema.streams.count)
        state = .allocate(capacity: 1)
        state.initialize(
            to: EmitterState(
                routes: routes, outboxes: outboxes, ackerOutboxes: outboxes + ackerBase, ackerCount: ackerCount,
                scratch: .allocate(byteCount: scratchBytes, alignment: 16), scratchBytes: scratchBytes,
                random: FastRandom(seed: seed), mustStop: false, emits: 0, transferred: 0, acked: 0, failed: 0,
                settled: settled))
        subscriptions = streams.map { _ in [] }
        faults = FaultDesk(state)
    }

    deinit {
        faults.detach()
        for index in 0...routeCount { state.pointee.routes[index].freeGroups() }
        state.pointee.routes.deallocate()
        state.pointee.outboxes.deallocate()
        state.pointee.scratch.deallocate()
        state.pointee.settled.deallocate()
        state.deallocate()
        closed.deallocate()
    }

    /// Of each edge: bytes under way, and whether it is out of credit. O(edges).
    package var edgeLoads: [(bytes: Int, isFull: Bool)] { edges.map { ($0.bytesUnderWay, $0.isOutOfCredit) } }

    // MARK: Batches

    /// Makes room for `bytes` in an outbox: sends what it holds and opens a new batch.
    ///
    /// Sets `mustStop` when the edge has used up its credit. Per batch.
    @usableFromInline
    package func openBatch(_ box: UnsafeMutablePointer<Outbox>, _ bytes: Int) {
        replaceBatch(box, bytes)
        let index = box - state.pointee.outboxes
        if edges[index].isOutOfCredit {
            state.pointee.mustStop = true
            waits.add(outbox: index)
        }
    }

    /// As `openBatch`, whatever credit there is.
    func replaceBatch(_ box: UnsafeMutablePointer<Outbox>, _ bytes: Int) {
        let index = box - state.pointee.outboxes
        sendBatch(box)
        if !isDirty[index] {
            isDirty[index] = true
            dirty.append(Int32(index))
        }
        let needed = bytes + BatchLayout.headerBytes
        precondition(needed <= BatchLayout.maxFrameBytes, "a tuple that does not fit a frame was not refused")
        let batch = pool.take(edges[index].nextBatchBytes(atLeast: needed), schema)
        open[index] = batch
        box.pointee.cursor = batch.payload
        box.pointee.limit = batch.base + batch.capacityBytes
        box.pointee.count = 0
    }

    /// Sends the open batch of an outbox, if any, and leaves it closed.
    func sendBatch(_ box: UnsafeMutablePointer<Outbox>) {
        let index = box - state.pointee.outboxes
        guard let batch = open[index] else { return }
        open[index] = nil
        let isRecords = index >= ackerBase || component == TopologyPlan.ackerComponent
        sequences[index] += 1
        batch.seal(
            isRecords ? .records : .tuples, from: task.rawValue, to: destination(index), count: box.pointee.count,
            end: box.pointee.cursor, sequence: sequences[index])
        state.pointee.transferred += isRecords ? 0 : box.pointee.count
        box.pointee = Outbox(closedAt: closed)
        if tap != nil, !isRecords { showTap(batch, outbox: index) }
        edges[index].send(batch)
    }

    /// Destination task of each outbox; filled by the engine.
    package var destinations: [TaskID] = []
    private func destination(_ index: Int) -> Int32 { destinations[index].rawValue }

    /// Sends open batches. With `force` all of them; else only those whose receiver has nothing left to do, so that
    /// batches fill up under load and leave at once without load. O(open batches).
    package func flush(force: Bool) {
        guard !dirty.isEmpty else { return }
        var kept = 0
        for position in dirty.indices {
            let index = Int(dirty[position])
            if open[index] == nil {
                isDirty[index] = false
            } else if force || edges[index].isIdle {
                isDirty[index] = false
                sendBatch(state.pointee.outboxes + index)
            } else {
                dirty[kept] = dirty[position]
                kept += 1
            }
        }
        dirty.removeSubrange(kept...)
    }

    package var hasOpenBatches: Bool { !dirty.isEmpty }
    package var outboxEdges: [any OutboxEdge] { edges }
    package var emittedByStream: [(StreamID, Int)] {
        streams.indices.map { (streams[$0].id, state.pointee.routes[$0].emitted) }
    }

    package var outputCounts: [(StreamID, OutputCounts)] {
        streams.indices.map {
            let route = state.pointee.routes[$0]
            var counts = OutputCounts()
            counts.transferred = route.transferred
            counts.acked = route.acked
            counts.failed = route.failed
            return (streams[$0].id, counts)
        }
    }

    // MARK: Ack records

    /// Adds a record for the acker of `root`; neighbouring acks of one tree become one record.
    @inlinable
    package func record(_ kind: AckRecord.Kind, root: UInt64, value: UInt64, reason: FailureReason = .none) {
        // A peer may send anchors where nothing is tracked; there is nobody to tell.
        guard state.pointee.ackerCount > 0 else { return }
        let box = state.pointee.ackerOutboxes + Emitter.acker(of: root, of: state.pointee.ackerCount)
        if kind == .ack, box.pointee.count > 0 {
            let last = box.pointee.cursor - AckRecord.byteCount
            if last.reading.u64(0) == root, last.reading.u8(AckRecord.kindOffset) == kind.rawValue {
                last.put(last.reading.u64(8) ^ value, 8)
                return
            }
        }
        append(AckRecord(kind, root: root, value: value, task: task.rawValue, reason: reason), to: box)
    }

    /// Adds a record to an outbox. Also used by ackers, whose outboxes lead to spouts.
    @inlinable
    package func append(_ record: AckRecord, to box: UnsafeMutablePointer<Outbox>) {
        if box.pointee.limit - box.pointee.cursor < AckRecord.byteCount { openBatch(box, AckRecord.byteCount) }
        record.write(at: box.pointee.cursor)
        box.pointee.cursor += AckRecord.byteCount
        box.pointee.count &+= 1
    }

    /// The acker of a tree, as a position in the ackers' tasks: every process computes the same.
    @inlinable
    package static func acker(of root: UInt64, of count: Int) -> Int {
        count == 1 ? 0 : StableHash.reduce(mix64(root), to: count)
    }

    @usableFromInline
    package func growScratch(_ bytes: Int) {
        state.pointee.scratch.deallocate()
        // Never room for more than a tuple may have: what is larger comes here, and is refused.
        state.pointee.scratchBytes = min(bytes * 2, BatchLayout.maxTupleBytes)
        state.pointee.scratch = .allocate(byteCount: state.pointee.scratchBytes, alignment: 16)
    }

    /// The route of a stream by name. O(streams).
    ///
    /// A stream that was not declared is a fault of the task, and so is every emit on what is returned then.
    package func route(_ stream: StreamID) -> UnsafeMutablePointer<StreamRoute> {
        guard let index = streams.firstIndex(where: { $0.id == stream }) else {
            refuse("component '\(component)' has no stream '\(stream)'; it has: \(streamNames)")
            return state.pointee.routes + routeCount
        }
        return state.pointee.routes + index
    }
}
