package import StormCore
import StormWire
import Synchronization

/// The calls of one task's `AsyncBolt` that are under way. Confined to the executor; the calls themselves run elsewhere and
/// leave their ends in `ended`.
///
/// A call whose deadline passed counts until it really ends, so that there are never more than the bound.
package final class AsyncCalls: OutsideWork {
    private struct Call {
        let tuple: Tuple
        let task: Task<Void, Never>
        let deadline: Int64
        let started: Int64
        /// Its deadline passed and its tuple failed; what it says in the end is not heard.
        var isGivenUp = false
    }

    /// How a call ended.
    struct End: Sendable {
        let number: Int
        let out: AsyncCollector
        /// nil: it returned.
        let error: (any Error)?
    }

    /// Where calls leave their ends. Any thread.
    package final class Ended: Sendable {
        private let list = Mutex<[End]>([])
        private let onEnd = Mutex(Callback {})

        /// - Parameter body: called after each end, on its thread; must not block.
        package func setHandler(_ body: @escaping @Sendable () -> Void) { onEnd.withLock { $0 = Callback(body) } }
        package var isEmpty: Bool { list.withLock { $0.isEmpty } }

        func add(_ end: End) {
            list.withLock { $0.append(end) }
            onEnd.withLock { $0 }()
        }

        func takeAll() -> [End] {
            list.withLock { list in
                defer { list = [] }
                return list
            }
        }
    }

    package let ended = Ended()
    private let launch: @Sendable (AsyncTuple, AsyncCollector) async throws -> Void
    private let launchTick: @Sendable (AsyncTuple, AsyncCollector) async throws -> Void
    private var calls: [Int: Call] = [:]
    private var nextNumber = 0
    /// Numbers in the order of their deadlines, from `oldest` on.
    private var oldest = 0
    private var limit = 1
    private var timeoutNanoseconds: Int64?
    /// Time of the current slice.
    private var now: Int64 = 0
    /// Calls that ended in time, from their start to the slice that settled them, and those of them that were acked.
    private var executeLatency = LatencyBuckets()
    private var processLatency = LatencyBuckets()

    init(
        execute: @escaping @Sendable (AsyncTuple, AsyncCollector) async throws -> Void,
        tick: @escaping @Sendable (AsyncTuple, AsyncCollector) async throws -> Void
    ) {
        launch = execute
        launchTick = tick
    }

    /// - Parameters:
    ///   - limit: most calls at once, at least 1.
    ///   - timeoutNanoseconds: nil: calls may take for ever.
    package func configure(limit: Int, timeoutNanoseconds: Int64?) {
        self.limit = max(1, limit)
        self.timeoutNanoseconds = timeoutNanoseconds
    }

    package func beginSlice(now: Int64) { self.now = now }
    package func setHandler(_ body: @escaping @Sendable () -> Void) { ended.setHandler(body) }
    package var hasNews: Bool { !ended.isEmpty }

    package var latencies: (execute: LatencyBuckets, process: LatencyBuckets) { (executeLatency, processLatency) }

    /// Calls under way, and ended ones that were not settled yet.
    package var count: Int { calls.count }
    package var hasRoom: Bool { calls.count < limit }

    /// Starts a call. - Precondition: `hasRoom`.
    func start(_ tuple: Tuple) {
        precondition(hasRoom, "more calls than allowed")
        let number = nextNumber
        nextNumber += 1
        let out = AsyncCollector()
        let copy = AsyncTuple(tuple, faults: out.faults)
        let body = copy.isTick ? launchTick : launch
        let ended = ended
        let task = Task.detached {
            do {
                try await body(copy, out)
                ended.add(End(number: number, out: out, error: nil))
            } catch {
                ended.add(End(number: number, out: out, error: error))
            }
        }
        calls[number] = Call(
            tuple: tuple, task: task, deadline: timeoutNanoseconds.map { now &+ $0 } ?? .max, started: now)
    }

    /// Carries out what ended calls left: emits, acks, fails.
    /// - Returns: whether any call had ended.
    package func settle(_ out: Collector) -> Bool {
        let ends = ended.takeAll()
        for end in ends {
            guard let call = calls.removeValue(forKey: end.number), !call.isGivenUp else { continue }
            executeLatency.record(now - call.started)
            let left = end.out.takeAll()
            for error in left.errors { out.reportError(error) }
            if let fault = left.fault {
                out.faulted(call.tuple, fault)
            } else if let error = end.error {
                out.failed(call.tuple, error)
            } else {
                for emission in left.emissions { out.emit(emission, anchor: call.tuple) }
                if out.state.pointee.hasFault {
                    out.settleFault(call.tuple)
                } else {
                    out.ack(call.tuple)
                    processLatency.record(now - call.started)
                }
            }
        }
        return !ends.isEmpty
    }

    /// Fails the tuples whose calls took too long, and asks these calls to end.
    package func expire(_ out: Collector) {
        while oldest < nextNumber {
            if let call = calls[oldest], !call.isGivenUp {
                guard call.deadline <= now else { return }
                giveUp(oldest, .timeout, out)
            }
            oldest += 1
        }
    }

    /// When `expire` has to be called next; `max`: never, unless a call starts.
    package var nextDeadline: Int64 {
        while oldest < nextNumber {
            if let call = calls[oldest], !call.isGivenUp { return call.deadline }
            oldest += 1
        }
        return .max
    }

    /// Fails all tuples whose calls are under way, and asks these calls to end. The end of the task.
    package func giveUpAll(_ out: Collector) {
        for number in calls.keys.sorted() where calls[number]?.isGivenUp == false { giveUp(number, .explicit, out) }
    }

    private func giveUp(_ number: Int, _ reason: FailureReason, _ out: Collector) {
        guard let call = calls[number] else { return }
        calls[number]?.isGivenUp = true
        call.task.cancel()
        out.fail(call.tuple, reason)
    }
}

extension Collector {
    fileprivate func emit(_ emission: AsyncCollector.Emission, anchor: Tuple) {
        let route = emission.stream == .default ? emitter.defaultRoute : emitter.route(emission.stream)
        emitter.emit(route, anchors: [anchor], only: emission.task, values: emission.values)
    }
}
