import StormRuntime

/// What executors did between two looks, summed. Pure.
struct TopRates {
    /// Longest time between the two looks at a worker.
    private(set) var seconds = 0.0
    private(set) var emitted = 0.0
    private(set) var executed = 0.0
    private(set) var acked = 0.0
    private(set) var failed = 0.0
    private(set) var busySeconds = 0.0
    /// The same, but where tuples are worked on outside of the executor, the time of that.
    private(set) var workSeconds = 0.0
    private(set) var completeSeconds = 0.0
    /// Tuples that were taken and neither acked nor failed, on average.
    private(set) var held = 0.0
    private(set) var pending = 0
    private(set) var errors = 0
    /// Acks and executions of the interval, not per second.
    private var ackedCount = 0.0
    private var executedCount = 0.0
    /// The share of time that the busiest executor worked, or its children, on average; 1 at most.
    private(set) var capacity = 0.0

    /// - Parameters:
    ///   - before: nil: the executor is new, all that it did was in this time.
    ///   - seconds: between the looks.
    mutating func add(_ now: ExecutorFigures, since before: ExecutorFigures?, seconds: Double) {
        guard seconds > 0 else { return }
        func change(_ value: (ExecutorFigures) -> Int) -> Double {
            Double(max(0, value(now) - (before.map(value) ?? 0)))
        }
        self.seconds = max(self.seconds, seconds)
        emitted += change(\.emitted) / seconds
        executed += change(\.executed) / seconds
        acked += change(\.acked) / seconds
        failed += change(\.failed) / seconds
        ackedCount += change(\.acked)
        executedCount += change(\.executed)
        let busy = Double(max(0, now.busyNanoseconds - (before?.busyNanoseconds ?? 0))) / 1e9
        busySeconds += busy
        let outside = now.outsideNanoseconds.map { Double(max(0, $0 - (before?.outsideNanoseconds ?? 0))) / 1e9 }
        workSeconds += outside ?? busy
        let tasks = Double(max(1, now.last - now.first + 1))
        capacity = min(1, max(capacity, busy / seconds, (outside ?? 0) / tasks / seconds))
        completeSeconds += Double(max(0, now.completeNanoseconds - (before?.completeNanoseconds ?? 0))) / 1e9
        let holding = now.executed - now.acked - now.failed
        let held = before.map { Double(holding + $0.executed - $0.acked - $0.failed) / 2 } ?? Double(holding)
        self.held += max(0, held)
        pending += now.pending
        errors += now.errors
    }

    /// Emit to the end of the tree; nil when none ended.
    var completeMilliseconds: Double? { ackedCount > 0 ? completeSeconds * 1000 / ackedCount : nil }
    /// Time of a bolt's loop, or of its child, for each tuple; nil when there was none.
    var executeMilliseconds: Double? { executedCount > 0 ? workSeconds * 1000 / executedCount : nil }
    /// From the start of `execute` to the ack, by Little's law from the tuples that bolts hold; nil when none was acked.
    var processMilliseconds: Double? {
        guard acked + failed > 0, executedCount > 0 else { return nil }
        // What is worked on outside is held meanwhile.
        return busySeconds * 1000 / executedCount + held * 1000 / (acked + failed)
    }
}

/// Pairs two looks at the same workers.
struct TopPairs {
    private let before: [String: WorkerFigures]

    init(_ before: TopSample?) {
        self.before = Dictionary(
            (before?.workers ?? []).map { (Self.key($0.answer), $0.answer) }, uniquingKeysWith: { first, _ in first })
    }

    /// Another process at the same place counts from 0.
    private static func key(_ figures: WorkerFigures) -> String { "\(figures.host):\(figures.port):\(figures.pid)" }

    /// - Returns: nil: no earlier look at this process.
    func earlier(_ worker: WorkerFigures) -> WorkerFigures? { before[Self.key(worker)] }

    /// Seconds between the looks, by the worker's own clock; since its start when there was no look.
    func seconds(_ worker: WorkerFigures) -> Double {
        guard let earlier = earlier(worker) else { return max(1, Double(worker.uptimeSeconds)) }
        return Double(worker.clockNanoseconds - earlier.clockNanoseconds) / 1e9
    }

    func add(_ worker: WorkerFigures, to rates: inout TopRates, where isWanted: (ExecutorFigures) -> Bool) {
        let earlier = Dictionary(
            (earlier(worker)?.executors ?? []).map { ($0.first, $0) }, uniquingKeysWith: { first, _ in first })
        let seconds = seconds(worker)
        for executor in worker.executors where isWanted(executor) {
            rates.add(executor, since: earlier[executor.first], seconds: seconds)
        }
    }
}
