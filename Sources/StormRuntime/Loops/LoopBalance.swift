/// A loop's part in balancing: the executors that it runs, and their loads since the last look. Owned as the loop is.
struct LoopBalance {
    private struct Member {
        // The engine owns executors and loops; here they are only looked at.
        weak var executor: Executor?
    }

    private var members: [Member] = []
    private var balancer = LoadBalancer()
    private var markTime: Int64 = 0
    private var markBusy: Int64 = 0
    /// Busy nanoseconds of the other shared loops at the last look.
    private var markOthers: [Int64] = []
    /// Tuples executed in the whole worker at the last look.
    private var markWork: Int64 = 0
    private var lastRate = 0.0
    /// When the loop looks at itself next; a parked loop is not woken for it. `max`: never.
    private(set) var nextEvaluation: Int64 = 0

    mutating func add(_ executor: Executor) {
        members.removeAll { $0.executor == nil || $0.executor === executor }
        members.append(Member(executor: executor))
        executor.busyMark = executor.busyNanoseconds
    }

    mutating func remove(_ executor: Executor) { members.removeAll { $0.executor === executor } }

    /// Looks at the period that ended now, and marks an executor to leave after its next slice when that helps.
    /// - Parameter busy: of `loop` so far.
    mutating func evaluate(_ loop: ExecutorLoop, busy: Int64, now: Int64) {
        guard !loop.isDedicated, let group = loop.group, group.shared.count > 1 else {
            nextEvaluation = .max
            return
        }
        let others = group.shared.filter { $0 !== loop }
        let othersBusy = others.map { $0.busyNanoseconds(now: now) }
        let executors = members.compactMap(\.executor)
        let elapsed = Double(now - markTime)
        let work = group.executedTuples
        let reverted = group.judge(executors, on: loop, work: work, now: now)
        if !reverted, markTime > 0, elapsed > 0 {
            // Over two periods: one is short.
            let rate = Double(work - markWork) / elapsed
            defer { lastRate = rate }
            let own = Double(busy - markBusy) / elapsed
            let loads = group.loads(of: executors, on: loop, others: others, elapsed: elapsed, now: now)
            let shares = zip(othersBusy, markOthers).map { Double($0 - $1) / elapsed }
            if let move = balancer.evaluate(own: own, executors: loads, others: shares), group.claimMove(now) {
                group.send(
                    executors[move.executor], to: others[move.loop], from: loop, ownShare: own,
                    otherShare: shares[move.loop], rate: (rate + lastRate) / 2, now: now)
            }
        }
        for executor in executors { executor.busyMark = executor.busyNanoseconds }
        markTime = now
        markBusy = busy
        markOthers = othersBusy
        markWork = work
        nextEvaluation = now + LoadBalancer.periodNanoseconds
    }
}
