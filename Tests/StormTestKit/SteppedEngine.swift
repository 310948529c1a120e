import Logging
package import StormCore
package import StormRuntime
package import StormTopology
import Synchronization

/// A clock that stands still until it is moved.
package final class SimulatedClock: TimeSource {
    private let nanoseconds = Atomic<Int64>(1_000_000_000)

    package init() {}

    package func monotonicNanoseconds() -> Int64 { nanoseconds.load(ordering: .relaxed) }
    package func epochMilliseconds() -> Int64 { 1_700_000_000_000 + monotonicNanoseconds() / 1_000_000 }

    /// Never goes back.
    package func advance(to time: Int64) { nanoseconds.store(max(time, monotonicNanoseconds()), ordering: .relaxed) }
}

/// An engine without threads on a simulated clock: the same run every time.
package final class SteppedEngine {
    package let engine: TopologyEngine
    package let clock: SimulatedClock
    package let errors = ErrorLog([])

    /// - Parameter isActive: whether the spouts are turned on from the start.
    package init(
        ackers: Int = 1, loops: Int = 1, seed: UInt64 = 1, clock: SimulatedClock = SimulatedClock(),
        isActive: Bool = true, executors: [ExecutorRange]? = nil, transport: (any TupleTransport)? = nil,
        configure: (inout EngineConfiguration) -> Void = { _ in }, topology: Topology
    ) throws {
        self.clock = clock
        var configuration = EngineConfiguration(topologyID: "test-1-0", loops: loops, seed: seed)
        configure(&configuration)
        let errors = errors
        engine = TopologyEngine(
            topology, plan: try TopologyPlan(topology.description, ackers: ackers), executors: executors,
            configuration: configuration, transport: transport, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onError: { error in errors.update { $0.append(error) } })
        try engine.startStepping()
        engine.setActive(isActive)
    }

    /// Works without moving the clock until nothing is left to do.
    /// - Throws: `WaitTimeout` after `steps` turns: then it would work for ever.
    package func settle(steps: Int = 1_000_000) throws {
        for _ in 0..<steps where !engine.step() { return }
        throw WaitTimeout(description: "still working after \(steps) turns")
    }

    /// Works, and moves the clock from deadline to deadline, until `condition` holds.
    /// - Throws: `WaitTimeout` when that does not happen within `seconds` of simulated time.
    package func run(seconds: Int, until condition: () -> Bool) throws {
        let end = clock.monotonicNanoseconds() + Int64(seconds) * 1_000_000_000
        while !condition() {
            if engine.step() { continue }
            let next = engine.nextDeadline
            guard next <= end else {
                clock.advance(to: end)
                try settle()
                guard condition() else {
                    throw WaitTimeout(description: "not within \(seconds) simulated seconds")
                }
                return
            }
            clock.advance(to: next)
        }
    }

    /// Lets simulated time pass.
    package func run(seconds: Int) throws {
        let end = clock.monotonicNanoseconds() + Int64(seconds) * 1_000_000_000
        while true {
            if engine.step() { continue }
            guard engine.nextDeadline <= end else { break }
            clock.advance(to: engine.nextDeadline)
        }
        clock.advance(to: end)
        try settle()
    }
}

/// A topology from its builder's calls.
package func makeTopology(_ body: (TopologyBuilder) throws -> Void) throws -> Topology {
    let builder = TopologyBuilder()
    try body(builder)
    return try builder.build()
}
