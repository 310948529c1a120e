import StormCore
import StormRuntime
import StormSubmission

/// The simulated time and everything that happens in it, on one thread and from one seed: which process has the next
/// turn, and how long anything takes, is chosen at random; the same seed is the same run.
final class World: JobSink {
    private enum Event {
        case item(SimulatedProcess, SimulatedProcess.Item)
    }

    struct State {
        var now: Int64 = 1_000_000_000
        var random: FastRandom
        var trace = Trace()
        var processes: [SimulatedProcess] = []
        var current: SimulatedProcess?
        var nextNumber = 1
        var turns = 0
        var failure: Violation?
        /// By machine: how far its wall clock is off, in nanoseconds.
        var clockErrors: [Int: Int64] = [:]
        /// Machines whose disk is full.
        var fullDisks: Set<Int> = []
    }

    /// The rule that time goes on.
    static let livelock = "livelock"
    /// A run must not take more turns than this within one simulated second. A turn takes a microsecond of it; the busiest
    /// seconds have some ten thousand.
    private static let turnsPerSecondMax = 200_000
    private static let epochNanoseconds: Int64 = 1_700_000_000_000_000_000

    let state: Confined<State>
    private let events = Confined(EventQueue<Event>())
    private let thread: any SimulatedThread
    /// Who sets everything up and looks on; no fault happens to it.
    let observer = SimulatedProcess(name: "observer", machine: World.outside, number: 0)
    private let onLine: (@Sendable (String) -> Void)?
    /// Gets each turn: when two runs of one seed differ, the first one that does.
    private let onTurn: (@Sendable (String) -> Void)?

    /// The machine that is none of the cluster.
    static let outside = -1

    init(
        seed: UInt64, thread: any SimulatedThread, onLine: (@Sendable (String) -> Void)?,
        onTurn: (@Sendable (String) -> Void)? = nil
    ) {
        state = Confined(State(random: FastRandom(seed: seed)))
        self.thread = thread
        self.onLine = onLine
        self.onTurn = onTurn
        state.it.processes = [observer]
    }

    // MARK: Time and chance

    var now: Int64 { state.it.now }
    var seconds: Double { Double(now - 1_000_000_000) / 1e9 }

    func random(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &state.it.random) }
    func random(_ range: Range<Int>) -> Int { Int.random(in: range, using: &state.it.random) }
    /// True once in `count` times.
    func oneIn(_ count: Int) -> Bool { random(0..<count) == 0 }
    func pick<T>(_ choices: [T]) -> T? { choices.isEmpty ? nil : choices[random(0..<choices.count)] }
    func randomBits() -> UInt64 { state.it.random.next() }

    // MARK: Trace

    func note(_ line: @autoclosure () -> String) {
        let tenths = (now - 1_000_000_000) / 100_000
        let line = "\(tenths / 10).\(tenths % 10)ms \(line())"
        state.it.trace.add(line)
        onLine?(line)
    }

    /// The first one counts.
    func fail(_ violation: Violation) {
        guard state.it.failure == nil else { return }
        note("VIOLATION \(violation)")
        state.it.failure = violation
    }

    // MARK: Processes

    var current: SimulatedProcess { state.it.current ?? observer }

    func makeProcess(_ name: String, machine: Int) -> SimulatedProcess {
        let process = SimulatedProcess(
            name: "\(name)#\(state.it.nextNumber)", machine: machine, number: state.it.nextNumber)
        state.it.nextNumber += 1
        state.it.processes.append(process)
        return process
    }

    /// Runs asynchronous code in a process.
    func spawn(in process: SimulatedProcess, _ body: @escaping @Sendable () async -> Void) {
        process.add(
            .call {
                Disk.$isInline.withValue(true) {
                    _ = Task { await body() }
                }
            })
    }

    /// `kill -9`, or its end by itself with a code.
    func end(_ process: SimulatedProcess, code: Int32?) {
        guard process.isAlive else { return }
        note("\(process.name) \(code.map { "exits with \($0)" } ?? "is killed")")
        process.state.it.isAlive = false
        process.state.it.ready = []
        process.state.it.head = 0
        process.state.it.engine = nil
        state.it.processes.removeAll { $0 === process }
        let calls = process.state.it.onEnd
        process.state.it.onEnd = []
        for call in calls { call(code) }
    }

    // MARK: Events

    /// Has something done in a process after a time; never when it is dead by then.
    func after(_ nanoseconds: Int64, in process: SimulatedProcess? = nil, _ body: @escaping @Sendable () -> Void) {
        events.it.add(at: now + max(0, nanoseconds), .item(process ?? observer, .call(body)))
    }

    /// The same every so often, from now on.
    func every(_ nanoseconds: Int64, _ body: @escaping @Sendable () -> Void) {
        after(nanoseconds) { [weak self] in
            body()
            self?.every(nanoseconds, body)
        }
    }

    func enqueue(_ job: Job) { current.add(.job(job)) }

    func enqueue(_ job: Job, atNanoseconds time: Int64) {
        events.it.add(at: max(time, now), .item(current, .job(job)))
    }

    // MARK: Running

    /// Lets time pass until `end`, `isDone` or a violation.
    func run(untilNanoseconds end: Int64, isDone: () -> Bool = { false }) {
        var second = now / 1_000_000_000
        var turns = 0
        while state.it.failure == nil, !isDone() {
            if now / 1_000_000_000 != second { (second, turns) = (now / 1_000_000_000, 0) }
            turns += 1
            if turns > Self.turnsPerSecondMax {
                return fail(Violation(Self.livelock, "\(turns) turns within one second, the last in \(lastName)"))
            }
            takeDue()
            if turn() || stepEngines() { continue }
            let next = nextTime
            guard next <= end else {
                state.it.now = max(now, end)
                return
            }
            state.it.now = max(next, now)
        }
    }

    private var lastName: String { state.it.processes.first { $0.hasReady }?.name ?? "an engine" }

    private func takeDue() {
        while case .item(let process, let item)? = events.it.popDue(now) { process.add(item) }
    }

    /// Gives a turn to a process that has something to do.
    private func turn() -> Bool {
        guard let process = pickReady(), let item = process.takeReady() else { return false }
        state.it.turns += 1
        // What a turn costs: so that time goes on whatever happens.
        state.it.now += 1000
        onTurn?("\(now) \(process.name)")
        run(as: process) {
            switch item {
            case .job(let job): thread.run(job)
            case .call(let call): call()
            }
        }
        return true
    }

    /// One of those that have something to do. Without a list of them, which would be most of what a turn costs.
    private func pickReady() -> SimulatedProcess? {
        let processes = state.it.processes
        var count = 0
        for process in processes where process.hasReady { count += 1 }
        guard count > 0 else { return nil }
        var left = random(0..<count)
        for process in processes where process.hasReady {
            if left == 0 { return process }
            left -= 1
        }
        return nil
    }

    /// Does something from outside, at the present time.
    func act(_ body: () -> Void) { run(as: observer, body) }

    private func run(as process: SimulatedProcess, _ body: () -> Void) {
        let before = state.it.current
        state.it.current = process
        let epoch = Self.epochNanoseconds + now + state.it.clockErrors[process.machine, default: 0]
        thread.setTime(monotonicNanoseconds: now, epochNanoseconds: epoch)
        thread.setDiskFull(state.it.fullDisks.contains(process.machine))
        body()
        state.it.current = before
    }

    /// One turn of each worker's executors.
    private func stepEngines() -> Bool {
        var hasWorked = false
        for process in state.it.processes where process.isRunning {
            guard let engine = process.state.it.engine else { continue }
            run(as: process) { if engine.step() { hasWorked = true } }
        }
        if hasWorked { state.it.now += 1000 }
        return hasWorked
    }

    private var nextTime: Int64 {
        state.it.processes.reduce(events.it.nextTime) { time, process in
            guard process.isRunning, let engine = process.state.it.engine else { return time }
            return min(time, engine.nextDeadline)
        }
    }
}
