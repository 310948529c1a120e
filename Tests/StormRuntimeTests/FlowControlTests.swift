import StormCore
import StormTestKit
import StormTopology
import StormWire
import Synchronization
import Testing

@testable import StormRuntime

/// A way out that keeps all it is given, unconfirmed: an infinitely slow receiver.
private final class HoldingTransport: TupleTransport {
    private let held = Mutex<[Batch]>([])

    func send(_ batch: Batch) { held.withLock { $0.append(batch) } }

    /// Bytes of tuples not confirmed yet.
    var bytes: Int { held.withLock { $0.reduce(0) { $0 + ($1.kind == .tuples ? $1.byteCount : 0) } } }
    var numbers: [Int] {
        held.withLock { batches in
            batches.flatMap { batch in
                var p = batch.payload
                return (0..<(batch.kind == .tuples ? batch.count : 0)).map { _ in
                    defer { p += Tuple(batch, p).byteCount }
                    return Tuple(batch, p).int(0)
                }
            }
        }
    }

    /// As if the receiver had executed all that it got.
    func confirmAll() {
        let batches = held.withLock { held in
            defer { held = [] }
            return held
        }
        for batch in batches {
            let credit = batch.credit
            batch.credit = nil
            credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        }
    }
}

@Suite struct FlowControlTests {
    /// More than a window: the batch that used it up, and one that was open.
    private static let slackBytes = 2 * (32 << 10)

    private func engine(_ transport: HoldingTransport, _ topology: Topology, far: String) throws -> SteppedEngine {
        let plan = try TopologyPlan(topology.description, ackers: 0)
        let near = plan.executors.filter { plan.component(of: $0.first)?.id != far }
        return try SteppedEngine(ackers: 0, executors: near, transport: transport, topology: topology)
    }

    @Test func aSpoutStopsWhenItsReceiverDoesNot() throws {
        let transport = HoldingTransport()
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: .max, perCall: 10, isTracked: false) }
            topology.bolt("sink") { CheckingSink(DeliveryCheck()) }.shuffle("spout")
        }
        let stepped = try engine(transport, topology, far: "sink")
        try stepped.settle()
        let window = FlowControl.windowBytes(senders: 1, isRemote: true)
        #expect(transport.bytes >= window && transport.bytes <= window + Self.slackBytes)
        // Time changes nothing, only credit does; and nothing is lost, doubled or out of order.
        let held = transport.numbers
        try stepped.run(seconds: 100)
        #expect(transport.numbers == held)
        #expect(held == Array(0..<held.count))
        for _ in 0..<5 {
            transport.confirmAll()
            try stepped.settle()
            #expect(transport.bytes >= window && transport.bytes <= window + Self.slackBytes)
        }
    }

    @Test func aSlowBoltHoldsBackTheWholeChainBeforeIt() throws {
        let transport = HoldingTransport()
        let topology = try makeTopology { topology in
            topology.spout("spout") { CheckingSpout(DeliveryCheck(), count: .max, perCall: 10, isTracked: false) }
            topology.bolt("pass-1") { PassingBolt() }.shuffle("spout")
            topology.bolt("pass-2") { PassingBolt() }.shuffle("pass-1")
            topology.bolt("sink") { CheckingSink(DeliveryCheck()) }.shuffle("pass-2")
        }
        let stepped = try engine(transport, topology, far: "sink")
        try stepped.settle()
        let window = FlowControl.windowBytes(senders: 1, isRemote: true)
        #expect(transport.bytes >= window && transport.bytes <= window + Self.slackBytes)
        let before = try #require(stepped.engine.steppedStatistics().first { $0.component == "spout" })
        #expect(before.transferred * 19 <= 3 * (window + Self.slackBytes))
        for _ in 0..<20 {
            transport.confirmAll()
            try stepped.settle()
            #expect(transport.bytes <= window + Self.slackBytes)
        }
        let after = try #require(stepped.engine.steppedStatistics().first { $0.component == "spout" })
        #expect(after.transferred > before.transferred)
    }

    @Test func everySenderHasAWindowOfItsOwn() throws {
        let transport = HoldingTransport()
        let topology = try makeTopology { topology in
            topology.spout("spout", parallelism: 16) {
                CheckingSpout(DeliveryCheck(), count: .max, perCall: 10, isTracked: false)
            }
            topology.bolt("sink") { CheckingSink(DeliveryCheck()) }.shuffle("spout")
        }
        let stepped = try engine(transport, topology, far: "sink")
        try stepped.settle()
        let all = 16 * FlowControl.windowBytes(senders: 16, isRemote: true)
        #expect(all == FlowControl.inboxBytes)
        #expect(transport.bytes >= all && transport.bytes <= all + 16 * Self.slackBytes)
    }

    @Test func oneCallMayFinishWhatItBegan() throws {
        let transport = HoldingTransport()
        let topology = try makeTopology { topology in
            // Far more in one call than any window.
            topology.spout("spout") {
                CheckingSpout(DeliveryCheck(), count: 100_000, perCall: 100_000, isTracked: false)
            }
            topology.bolt("sink") { CheckingSink(DeliveryCheck()) }.shuffle("spout")
        }
        let stepped = try engine(transport, topology, far: "sink")
        try stepped.settle()
        #expect(transport.numbers == Array(0..<100_000))
    }

    @Test func windowsShareTheInboxWithinTheirBounds() {
        #expect(FlowControl.windowBytes(senders: 1) == FlowControl.maxWindowBytes)
        #expect(FlowControl.windowBytes(senders: 8) == FlowControl.maxWindowBytes)
        #expect(FlowControl.windowBytes(senders: 16) == FlowControl.inboxBytes / 16)
        #expect(FlowControl.windowBytes(senders: 100_000) == FlowControl.minWindowBytes)
        #expect(FlowControl.windowBytes(senders: 2, isRemote: true) == FlowControl.maxRemoteWindowBytes)
        #expect(FlowControl.windowBytes(senders: 16, isRemote: true) == FlowControl.inboxBytes / 16)
    }
}
