import StormRuntime

/// One process of the simulated cluster: what it has to do next, and whether it lives.
///
/// `kill` is `kill -9`: nothing of it ever runs again. What was suspended stays suspended for ever, its memory with it.
final class SimulatedProcess: Sendable {
    enum Item {
        case job(Job)
        case call(@Sendable () -> Void)
    }

    struct State {
        var isAlive = true
        /// SIGSTOP.
        var isPaused = false
        var ready: [Item] = []
        var head = 0
        /// Of a worker, between its start and its end.
        var engine: TopologyEngine?
        /// Called once, when the process ends in whatever way.
        var onEnd: [@Sendable (_ code: Int32?) -> Void] = []

        var isRunning: Bool { isAlive && !isPaused }
        var hasReady: Bool { isRunning && head < ready.count }
    }

    let name: String
    /// On which it runs.
    let machine: Int
    /// Never used twice.
    let number: Int
    let state = Confined(State())

    init(name: String, machine: Int, number: Int) {
        self.name = name
        self.machine = machine
        self.number = number
    }

    var isAlive: Bool { state.it.isAlive }
    var isRunning: Bool { state.it.isRunning }
    var hasReady: Bool { state.it.hasReady }

    func add(_ item: Item) { if state.it.isAlive { state.it.ready.append(item) } }

    func takeReady() -> Item? {
        guard state.it.head < state.it.ready.count else { return nil }
        let item = state.it.ready[state.it.head]
        state.it.head += 1
        if state.it.head == state.it.ready.count {
            state.it.ready.removeAll(keepingCapacity: true)
            state.it.head = 0
        }
        return item
    }
}
