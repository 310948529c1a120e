import StormCore
import StormTestKit
import StormTopology
import StormWire
import Synchronization
import Testing

@testable import StormRuntime

/// Carries to tasks whose speeds the test sets: each confirms so many of its batches in a turn.
private final class PacedTransport: TupleTransport {
    private let held = Mutex<[Int32: [Batch]]>([:])
    private let executed = Mutex<[Int32: Int]>([:])

    func send(_ batch: Batch) { held.withLock { $0[batch.destinationTask, default: []].append(batch) } }

    /// Lets a task execute up to `count` batches.
    func confirm(_ task: TaskID, _ count: Int) {
        let batches = held.withLock { held in
            let taken = Array(held[task.rawValue, default: []].prefix(count))
            held[task.rawValue]?.removeFirst(taken.count)
            return taken
        }
        for batch in batches {
            executed.withLock { $0[task.rawValue, default: 0] += batch.count }
            let credit = batch.credit
            batch.credit = nil
            credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        }
    }

    /// Tuples that a task executed.
    func executed(_ task: TaskID) -> Int { executed.withLock { $0[task.rawValue, default: 0] } }
    /// Bytes on the way to a task.
    func bytes(_ task: TaskID) -> Int {
        held.withLock { held in held[task.rawValue, default: []].reduce(0) { $0 + $1.byteCount } }
    }
}

@Suite struct EngineLoadAwareTests {
    private func engine(_ transport: PacedTransport, sinks: Int, isLoadAware: Bool = true) throws
        -> (SteppedEngine, [TaskID])
    {
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: .max, perCall: 10, isTracked: false) }
            topology.bolt("sink", parallelism: sinks) { CheckingSink(DeliveryCheck()) }.shuffle("spout")
        }
        let plan = try TopologyPlan(topology.description, ackers: 0)
        let near = plan.executors.filter { plan.component(of: $0.first)?.id == "spout" }
        let stepped = try SteppedEngine(
            ackers: 0, executors: near, transport: transport, configure: { $0.isLoadAware = isLoadAware },
            topology: topology)
        return (stepped, plan["sink"]?.tasks ?? [])
    }

    @Test func aSlowTaskAmongFastOnesGetsLess() throws {
        let transport = PacedTransport()
        let (stepped, sinks) = try engine(transport, sinks: 3)
        for _ in 0..<200 {
            try stepped.settle()
            transport.confirm(sinks[0], 1)
            transport.confirm(sinks[1], 10)
            transport.confirm(sinks[2], 10)
        }
        let slow = transport.executed(sinks[0])
        let fast = [transport.executed(sinks[1]), transport.executed(sinks[2])]
        #expect(slow > 0)
        #expect(fast[0] > slow * 3 && fast[1] > slow * 3, "\(slow) \(fast)")
        // A window is only some batches.
        #expect(abs(fast[0] - fast[1]) < fast[0] / 4, "\(fast)")
        // And what waits for it is bounded as ever.
        #expect(transport.bytes(sinks[0]) <= FlowControl.windowBytes(senders: 1, isRemote: true) + 2 * (32 << 10))
    }

    @Test func switchedOffTheSlowestTaskSetsThePace() throws {
        let transport = PacedTransport()
        let (stepped, sinks) = try engine(transport, sinks: 2, isLoadAware: false)
        for _ in 0..<100 {
            try stepped.settle()
            transport.confirm(sinks[0], 1)
            transport.confirm(sinks[1], 10)
        }
        let slow = transport.executed(sinks[0])
        #expect(abs(transport.executed(sinks[1]) - slow) < slow / 4)
    }

    @Test func aTaskThatIsStuckDoesNotStopTheSpout() throws {
        let transport = PacedTransport()
        let (stepped, sinks) = try engine(transport, sinks: 2)
        try stepped.settle()
        let window = FlowControl.windowBytes(senders: 1, isRemote: true)
        // With both stuck it waits.
        for sink in sinks { #expect(transport.bytes(sink) <= window + 2 * (32 << 10)) }
        let stuck = transport.bytes(sinks[0])
        for _ in 0..<50 {
            transport.confirm(sinks[1], 100)
            try stepped.settle()
        }
        #expect(transport.executed(sinks[1]) * 19 > 20 * window)
        #expect(transport.executed(sinks[0]) == 0)
        #expect(transport.bytes(sinks[0]) <= stuck + (32 << 10))
    }
}
