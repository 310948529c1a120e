import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

/// The most that was seen under way in a run.
private struct Peak {
    /// On any one edge, by the component it leads to.
    var edgeBytes: [String: Int] = [:]
    /// On all edges together, ack traffic included.
    var totalBytes = 0
    /// Messages of one spout task.
    var pending = 0

    mutating func look(at run: WorkerSimulation) {
        var total = 0
        run.eachEdge { _, to, bytes in
            total += bytes
            edgeBytes[to] = max(edgeBytes[to, default: 0], bytes)
        }
        totalBytes = max(totalBytes, total)
        for task in run.statistics where task.component == "spout" { pending = max(pending, task.pending) }
    }
}

/// Emits numbered texts without end; tracked when somebody checks.
private final class TextSpout: Spout {
    static var outputs: Outputs { ["id", "text"] }
    private let text: String
    private let check: DeliveryCheck?
    private let perCall: Int
    private var next = 0

    init(bytes: Int, _ check: DeliveryCheck? = nil, perCall: Int = 20) {
        text = String(repeating: "x", count: bytes)
        self.check = check
        self.perCall = perCall
    }

    func nextTuple(_ out: SpoutCollector) throws {
        for _ in 0..<perCall {
            if let check {
                check.emitted(next)
                out.emit(id: .int(next), next, text)
            } else {
                out.emit(next, text)
            }
            next += 1
        }
    }

    func ack(_ id: MessageID) { if let number = id.int { check?.acked(number) } }
    func fail(_ id: MessageID, _ reason: FailureReason) { if let number = id.int { check?.failed(number, reason) } }
}

/// Sends the number of a round with each message, for topologies with a cycle.
private final class RoundSpout: Spout {
    static var outputs: Outputs { ["id", "round"] }
    private let check: DeliveryCheck
    private let count: Int
    private let isTracked: Bool
    private var next = 0

    init(_ check: DeliveryCheck, count: Int, isTracked: Bool) {
        self.check = check
        self.count = count
        self.isTracked = isTracked
    }

    func nextTuple(_ out: SpoutCollector) throws {
        guard next < count else { return }
        if isTracked {
            check.emitted(next)
            out.emit(id: .int(next), next, 0)
        } else {
            out.emit(next, 0)
        }
        next += 1
    }

    func ack(_ id: MessageID) { if let number = id.int { check.acked(number) } }
    func fail(_ id: MessageID, _ reason: FailureReason) { if let number = id.int { check.failed(number, reason) } }
}

/// Nothing grows with the length of a run: measured by counts of bytes, batches and messages, not by the process's size.
@Suite struct BoundedMemoryTests {
    /// What an edge may have under way beyond its window: the batch that used it up, and one that was open.
    private static let slackBytes = 2 * (32 << 10)
    private static func edgeBytesMax(senders: Int) -> Int { FlowControl.windowBytes(senders: senders) + slackBytes }

    private typealias Result = (peak: Peak, pools: (made: Int, reused: Int))

    private func run(
        _ topology: Topology, seed: UInt64 = 1, ackers: Int = 1, loops: Int = 2, slow: String? = nil, oneIn: Int = 30,
        until condition: () -> Bool
    ) throws -> Result {
        var run = try WorkerSimulation(topology, seed: seed, ackers: ackers, loops: loops)
        if let slow { run.slow(slow, oneIn: oneIn) }
        var peak = Peak()
        // The simulation is only looked at here.
        let simulation = run
        try run.run(turns: 5_000_000, every: { if $0 % 64 == 0 { peak.look(at: simulation) } }, until: condition)
        peak.look(at: run)
        return (peak, run.poolCounts)
    }

    /// What a longer run needs beyond a shorter one was used before; but for as many as a pool keeps of one size.
    private func expectReuse(_ short: Result, _ long: Result) {
        let made = long.pools.made - short.pools.made
        let reused = long.pools.reused - short.pools.reused
        #expect(reused > 300 && made <= reused / 10 + 64, "\(made) made, \(reused) used again")
    }

    // MARK: A slow bolt

    /// Untracked: only credits hold the spout back.
    private func slowChain(arrivals count: Int, seed: UInt64) throws -> Result {
        let arrived = Observed(0)
        let topology = try makeTopology { topology in
            topology.spout("spout", parallelism: 2) { TextSpout(bytes: 400) }
            topology.bolt("pass", parallelism: 2, outputs: TextSpout.outputs) {
                BlockBolt { tuple, out in out.emit(anchor: tuple, tuple.int(0), tuple.string(1)) }
            }.shuffle("spout")
            topology.bolt("slow", parallelism: 2) { BlockBolt { _, _ in arrived.update { $0 += 1 } } }
                .fields("pass", "id")
        }
        return try run(topology, seed: seed, ackers: 0, slow: "slow") { arrived.value >= count }
    }

    @Test(arguments: UInt64(1)...3)
    func aSlowBoltLeavesTheSameTracesHoweverLongItRuns(_ seed: UInt64) throws {
        let short = try slowChain(arrivals: 20_000, seed: seed)
        let long = try slowChain(arrivals: 100_000, seed: seed)
        for run in [short, long] {
            #expect(run.peak.edgeBytes["pass", default: 0] <= Self.edgeBytesMax(senders: 2), "\(run)")
            #expect(run.peak.edgeBytes["slow", default: 0] <= Self.edgeBytesMax(senders: 2), "\(run)")
            // Eight edges, each full at worst.
            #expect(run.peak.totalBytes <= 8 * Self.edgeBytesMax(senders: 2), "\(run)")
        }
        expectReuse(short, long)
    }

    /// A spout without `topology.max.spout.pending`, tracked, whose sink is slow: credits bound what is pending.
    @Test func aSlowBoltBoundsThePendingMessagesToo() throws {
        func pending(_ count: Int) throws -> Result {
            let check = DeliveryCheck()
            let topology = try makeTopology { topology in
                topology.spout("spout") { TextSpout(bytes: 400, check) }
                topology.bolt("slow", parallelism: 2) { BlockBolt { tuple, out in out.ack(tuple) } }.shuffle("spout")
            }
            return try run(topology, slow: "slow") { check.state.value.acked >= count }
        }
        let short = try pending(20_000)
        let long = try pending(100_000)
        // As many as two edges hold; as many again may be acked, and the spout not know yet.
        #expect(long.peak.pending <= 4 * Self.edgeBytesMax(senders: 1) / 440, "\(long.peak)")
        #expect(long.peak.pending <= short.peak.pending * 2, "\(short.peak.pending), then \(long.peak.pending)")
        expectReuse(short, long)
    }

    // MARK: Ackers

    /// The spout has no bound of its own and its bolt is quick; what is slow is the acker.
    @Test(arguments: ["__acker", "sink", "none"])
    func aFastSpoutWithAckersAndWithoutMaxPendingStaysBounded(_ slow: String) throws {
        func pending(_ count: Int) throws -> Result {
            let check = DeliveryCheck()
            let topology = try makeTopology { topology in
                topology.spout("spout") { CheckingSpout(check, count: .max, perCall: 20) }
                topology.bolt("sink") { BlockBolt { tuple, out in out.ack(tuple) } }.shuffle("spout")
            }
            return try run(topology, ackers: 2, slow: slow, oneIn: 100) { check.state.value.acked >= count }
        }
        let short = try pending(20_000)
        let long = try pending(160_000)
        // Ack records are 24 bytes; both ackers may have a window full of them, and the sink one of tuples.
        #expect(long.peak.pending <= 40_000, "\(long.peak)")
        #expect(long.peak.totalBytes <= 6 * Self.edgeBytesMax(senders: 1), "\(long.peak)")
        expectReuse(short, long)
    }

    // MARK: A burst

    @Test func aBurstToAHundredTasksIsBounded() throws {
        func burst(_ count: Int) throws -> Result {
            let arrived = Observed(0)
            let topology = try makeTopology { topology in
                topology.spout("spout") {
                    CheckingSpout(DeliveryCheck(), count: .max, perCall: 50, isTracked: false)
                }
                topology.bolt("sink", parallelism: 4) { BlockBolt { _, _ in arrived.update { $0 += 1 } } }
                    .tasks(100).all("spout")
            }
            return try run(topology, ackers: 0, slow: "sink") { arrived.value >= count }
        }
        let short = try burst(200_000)
        let long = try burst(1_000_000)
        for run in [short, long] {
            #expect(run.peak.edgeBytes["sink", default: 0] <= Self.edgeBytesMax(senders: 1), "\(run)")
            #expect(run.peak.totalBytes <= 100 * Self.edgeBytesMax(senders: 1), "\(run)")
        }
    }

    /// Few large tuples: a hundred copies of each are all that one emit may leave behind.
    @Test func aBurstOfLargeTuplesStopsAfterTheEmitThatUsedTheCreditUp() throws {
        let arrived = Observed(0)
        let topology = try makeTopology { topology in
            topology.spout("spout") { TextSpout(bytes: 100_000, perCall: 1) }
            topology.bolt("sink", parallelism: 2) { BlockBolt { _, _ in arrived.update { $0 += 1 } } }
                .tasks(100).all("spout")
        }
        let result = try run(topology, ackers: 0, slow: "sink") { arrived.value >= 5_000 }
        // Two tuples of 100 kB use a window of 128 KiB up.
        #expect(result.peak.edgeBytes["sink", default: 0] <= 3 * 101_000, "\(result.peak)")
    }

    // MARK: Cycles

    /// - Parameter wide: how many tuples go round for each.
    private func cycle(
        _ check: DeliveryCheck, count: Int, rounds: Int, wide: Int, isTracked: Bool, maxPending: Int?
    ) throws -> Topology {
        try makeTopology { topology in
            let spout = topology.spout("spout") { RoundSpout(check, count: count, isTracked: isTracked) }
            if let maxPending { spout.maxPending(maxPending) }
            topology.bolt("first", parallelism: 2, outputs: ["id", "round"]) {
                BlockBolt { tuple, out in
                    let round = tuple.int(1)
                    if round == rounds {
                        check.arrived(tuple.int(0))
                    } else {
                        for _ in 0..<wide { out.emit(anchor: tuple, tuple.int(0), round + 1) }
                    }
                    out.ack(tuple)
                }
            }.shuffle("spout").fields("second", "id")
            topology.bolt("second", parallelism: 2, outputs: ["id", "round"]) {
                BlockBolt { tuple, out in
                    out.emit(anchor: tuple, tuple.int(0), tuple.int(1))
                    out.ack(tuple)
                }
            }.shuffle("first")
        }
    }

    @Test(arguments: UInt64(0)..<12)
    func aCycleNeitherDeadlocksNorGrowsBeyondWhatIsPending(_ seed: UInt64) throws {
        let check = DeliveryCheck()
        let wide = Int(seed % 2) + 1
        let rounds = wide == 1 ? 60 : 6
        let leaves = wide == 1 ? 1 : 1 << 6
        let topology = try cycle(check, count: 600, rounds: rounds, wide: wide, isTracked: true, maxPending: 25)
        let slow = ["first", "second", "__acker", nil][Int(seed / 2 % 4)]
        let result = try run(topology, seed: seed, slow: slow) { check.state.value.ackedIDs.count == 600 }
        #expect(check.faults(messages: 600, copies: leaves, exactlyOnce: true) == [], "seed \(seed)")
        #expect(check.state.value.highestPending <= 25)
        // A tuple with one anchor and two numbers has 44 bytes, an ack record 24; each may be a batch of its own.
        let perTuple = 44 + 2 * 24 + 3 * BatchLayout.headerBytes
        #expect(result.peak.totalBytes <= 25 * leaves * perTuple, "seed \(seed): \(result.peak)")
    }

    /// Without tracking the credits of the way in bound a cycle: for each round there may be a window full of tuples.
    @Test func anUntrackedCycleIsBoundedByItsRoundsAndTheWindowOfItsWayIn() throws {
        func cycle(_ count: Int) throws -> Result {
            let check = DeliveryCheck()
            let topology = try self.cycle(
                check, count: count, rounds: 4, wide: 1, isTracked: false, maxPending: nil)
            return try run(topology, ackers: 0, slow: "second") { check.state.value.arrived == count }
        }
        let result = try cycle(100_000)
        let windows = 4 * 2 * Self.edgeBytesMax(senders: 3)
        #expect(result.peak.totalBytes <= windows, "\(result.peak)")
    }
}
