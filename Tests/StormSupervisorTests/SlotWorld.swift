import StormCluster
import StormCore
import StormProcess
import StormSupervisor

/// A port, its slot and a world that carries out the slot's actions: naive, and strict about what must never happen.
struct SlotWorld: Hashable {
    enum Event: Hashable, CaseIterable {
        case wantNothing, wantA, wantB
        case fetchWorks, fetchFails
        case launchWorks, launchFails
        case processDies
        case processEndsInOrder
        case processHangs
        case secondPasses, minutePasses
    }

    struct Process: Hashable {
        let worker: String
        let wanted: WantedWorker
        var isTold = false
        var isHung = false
    }

    static let a = WantedWorker(topologyID: "a-1-1", codeSHA256: "aa", executors: ExecutorList([]), incarnation: 1)
    static let b = WantedWorker(topologyID: "b-2-2", codeSHA256: "bb", executors: ExecutorList([]), incarnation: 1)

    private(set) var slot: Slot
    private(set) var wanted: WantedWorker?
    private(set) var process: Process?
    private(set) var fetching: WantedWorker?
    private(set) var launching: Process?
    private(set) var codes: Set<String> = []
    private(set) var now: Duration = .zero
    private var observed = SlotObservation(freshWorkerID: "w1")
    private var workerCount = 1
    /// What should never happen but did.
    private(set) var violations: [String] = []
    private(set) var reports: [SlotFailure] = []

    /// The world's time goes in whole seconds, hence the first delay.
    static var policy: RestartPolicy {
        var policy = RestartPolicy()
        policy.firstDelay = .seconds(1)
        return policy
    }

    init(policy: RestartPolicy = SlotWorld.policy) { slot = Slot(policy: policy) }

    mutating func apply(_ event: Event) {
        switch event {
        case .wantNothing: wanted = nil
        case .wantA: wanted = Self.a
        case .wantB: wanted = Self.b
        case .fetchWorks: finishFetch(works: true)
        case .fetchFails: finishFetch(works: false)
        case .launchWorks: finishLaunch(works: true)
        case .launchFails: finishLaunch(works: false)
        case .processDies:
            guard process != nil else { return }
            process = nil
            observed.worker = .gone(.exited(code: 1))
        case .processEndsInOrder:
            guard process != nil else { return }
            process = nil
            observed.worker = .gone(.exited(code: 0))
        case .processHangs:
            // Only a worker that runs is listened to.
            guard process != nil, case .running = slot.phase else { return }
            process?.isHung = true
            observed.worker = .hung(.seconds(30))
        case .secondPasses: now += .seconds(1)
        case .minutePasses: now += .seconds(61)
        }
        settle()
    }

    /// Goes on in the best of worlds, with the same wish; `false` when the slot does not get there.
    func reachesItsGoal() -> Bool {
        var world = self
        for _ in 0..<12 {
            if world.isAtGoal { return world.violations.isEmpty }
            if world.fetching != nil {
                world.apply(.fetchWorks)
            } else if world.launching != nil {
                world.apply(.launchWorks)
            } else if world.process?.isTold == true {
                world.apply(.processDies)
            } else if let deadline = world.slot.deadline {
                world.now = max(world.now, deadline)
                world.settle()
            } else {
                return false
            }
        }
        return world.isAtGoal && world.violations.isEmpty
    }

    var isAtGoal: Bool {
        guard let wanted else { return slot.isEmpty && process == nil && launching == nil }
        if case .running(wanted, let worker, _) = slot.phase { return process?.worker == worker }
        return false
    }

    private mutating func finishFetch(works: Bool) {
        guard let fetched = fetching else { return }
        fetching = nil
        if works { codes.insert(fetched.codeSHA256) }
        observed.code = works ? .ready : .failed("no luck")
    }

    private mutating func finishLaunch(works: Bool) {
        guard let launched = launching else { return }
        launching = nil
        if works { process = launched }
        observed.worker = works ? .alive : .notStarted("no luck")
    }

    private mutating func settle() {
        for action in slot.step(wanted: wanted, observed: observed, now: now) { perform(action) }
        // A second look at the same world changes nothing.
        let before = slot
        let again = slot.step(wanted: wanted, observed: observed, now: now)
        if !again.isEmpty || slot != before { violations.append("not settled: \(before.phase) \(again)") }
    }

    private mutating func perform(_ action: SlotAction) {
        switch action {
        case .fetch(let wanted, _):
            // The newest one counts, as in the real owner.
            fetching = wanted
            observed.code = .unknown
        case .launch(let wanted, let worker):
            if process != nil || launching != nil { violations.append("a second worker: \(worker)") }
            if !codes.contains(wanted.codeSHA256) { violations.append("launched without code") }
            launching = Process(worker: worker, wanted: wanted)
            observed.worker = .unknown
            workerCount += 1
            observed.freshWorkerID = "w\(workerCount)"
        case .terminate(let worker):
            if process?.worker != worker { violations.append("terminates \(worker), which is not there") }
            if process?.wanted == wanted { violations.append("terminates a wanted worker") }
            process?.isTold = true
        case .kill(let worker):
            if process?.worker != worker { violations.append("kills \(worker), which is not there") }
            if process?.isTold != true && process?.isHung != true { violations.append("kills without notice") }
            process?.isTold = true
        case .forget(let worker):
            if process?.worker == worker || launching?.worker == worker { violations.append("forgets a live worker") }
        case .report(let failure):
            reports.append(failure)
        }
    }
}
