import StormCore
import StormTopology
import StormWire
import Testing

/// A spout and a bolt that talks to itself over two streams: any tree of tuples can grow here, one step at a time, with
/// every emit, ack and fail chosen at random. Keeps account of what is alive by counting, the naive way.
private struct RandomForest {
    /// A delivered copy that its bolt has not settled.
    struct Held {
        let task: TaskID
        let tuple: Tuple
        let roots: Set<UInt64>
    }

    let spouts: [Rig]
    let bolts: [TaskID: Rig]
    /// A second subscriber, which emits nothing.
    let deaf: Rig
    var random: FastRandom
    var held: [Held] = []
    /// What an acker that hears everything holds: XOR by root.
    var values: [UInt64: UInt64] = [:]
    var started: Set<UInt64> = []
    var failed: Set<UInt64> = []

    init(seed: UInt64, ackers: Int) throws {
        random = FastRandom(seed: seed)
        let streams = Outputs(["number"]).stream("copies", ["number"]).stream("keyed", ["number"])
            .stream("mixed", ["number"])
        let topology = try build { builder in
            builder.spout("source", parallelism: 2, outputs: streams) { QuietSpout() }
            builder.bolt("bolt", parallelism: 3, outputs: streams) { QuietBolt() }
                .shuffle("source").all("source", stream: "copies").fields("source", stream: "keyed", "number")
                .partialKey("source", stream: "mixed", "number")
                .shuffle("bolt").all("bolt", stream: "copies").fields("bolt", stream: "keyed", "number")
                .partialKey("bolt", stream: "mixed", "number")
            builder.bolt("deaf") { QuietBolt() }.global("source", stream: "mixed").shuffle("bolt", stream: "mixed")
        }
        // No two draw the same edges.
        spouts = try [0, 1].map {
            try Rig("source", topology, index: $0, ackers: ackers, seed: seed &* 8 &+ UInt64($0))
        }
        let rigs = try (0..<3).map {
            try Rig("bolt", topology, index: $0, ackers: ackers, seed: seed &* 8 &+ 2 &+ UInt64($0))
        }
        deaf = try Rig("deaf", topology, ackers: ackers, seed: seed &* 8 &+ 5)
        bolts = Dictionary(uniqueKeysWithValues: (rigs + [deaf]).map { ($0.task, $0) })
    }

    /// One random deed of a spout or of a bolt.
    mutating func step(_ number: Int) {
        if held.isEmpty || Int.random(in: 0..<8, using: &random) == 0 { return emitRoot(number) }
        guard let task = Set(held.map(\.task)).sorted().randomElement(using: &random), let rig = bolts[task] else {
            return
        }
        let own = held.indices.filter { held[$0].task == task }
        // More leave than come, once enough are held.
        switch Int.random(in: 0..<(held.count > 60 ? 12 : 6), using: &random) {
        case 0..<3 where rig !== deaf: emitChild(rig, own, number)
        case 3:
            if Int.random(in: 0..<10, using: &random) == 0 {
                settle(rig, own.randomElement(using: &random)!, isAck: false)
            }
        default: settle(rig, own.randomElement(using: &random)!, isAck: true)
        }
    }

    private mutating func anyStream() -> StreamID {
        ["default", "copies", "keyed", "mixed"].randomElement(using: &random)!
    }

    private mutating func emitRoot(_ number: Int) {
        let rig = spouts[number % 2]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: rig.spout.emit(id: .int(number), number)
        case 1: rig.spout.emit(rig.spout.stream(anyStream()), id: .int(number), number)
        case 2: rig.spout.emit(values: [.int(number)], stream: rig.spout.stream(anyStream()), id: .int(number))
        default: rig.spout.emit(number)
        }
        collect(rig, expecting: nil)
    }

    private mutating func emitChild(_ rig: Rig, _ own: [Int], _ number: Int) {
        let stream = rig.bolt.stream(anyStream())
        // The same anchor may be named twice, and anchors may share roots.
        let anchors = (0..<Int.random(in: 1...4, using: &random)).map { _ in held[own.randomElement(using: &random)!] }
        if anchors.count == 1 {
            rig.bolt.emit(stream, anchor: anchors[0].tuple, number)
        } else if Bool.random(using: &random) {
            rig.bolt.emit(stream, anchors: anchors.map(\.tuple), number)
        } else {
            rig.bolt.emit(values: [.int(number)], stream: stream, anchors: anchors.map(\.tuple))
        }
        collect(rig, expecting: anchors.reduce(into: []) { $0.formUnion($1.roots) })
    }

    private mutating func settle(_ rig: Rig, _ index: Int, isAck: Bool) {
        let one = held.remove(at: index)
        if isAck {
            rig.bolt.ack(one.tuple)
        } else {
            rig.bolt.fail(one.tuple)
            failed.formUnion(one.roots)
        }
        // The first word counts.
        rig.bolt.ack(one.tuple)
        rig.bolt.fail(one.tuple)
        collect(rig, expecting: nil)
    }

    /// Delivers what a task sent, to the bolts and to the naive acker.
    private mutating func collect(_ rig: Rig, expecting roots: Set<UInt64>?) {
        let (arrivals, records) = rig.take()
        for arrival in arrivals {
            let own = Set(arrival.tuple.anchors.map(\.root))
            #expect(own.count == arrival.tuple.anchorCount, "a root is named once")
            if let roots { #expect(own == roots) }
            held.append(Held(task: arrival.task, tuple: arrival.tuple, roots: own))
        }
        for record in records {
            switch record.kind {
            case .start:
                #expect(started.insert(record.root).inserted, "one start per tree")
                values[record.root, default: 0] ^= record.value
            case .ack: values[record.root, default: 0] ^= record.value
            case .fail: #expect(failed.contains(record.root))
            default: Issue.record("\(record.kind) is not for ackers")
            }
        }
    }

    /// Roots whose XOR says complete although a copy is alive, or the other way about.
    var wrong: [UInt64] {
        let alive = held.reduce(into: Set<UInt64>()) { $0.formUnion($1.roots) }
        return started.filter { root in !failed.contains(root) && (values[root] == 0) == alive.contains(root) }
    }
}

@Suite struct TreeLawTests {
    /// The law the whole of reliability stands on: at every moment, the XOR of a tree's records is zero exactly when no
    /// copy of its tuples is alive.
    @Test(arguments: UInt64(0)..<60)
    func aTreesRecordsCancelExactlyWhenNoneOfItsTuplesIsAlive(_ seed: UInt64) throws {
        var forest = try RandomForest(seed: seed, ackers: [1, 3][Int(seed % 2)])
        for number in 0..<400 {
            forest.step(number)
            let wrong = forest.wrong
            #expect(wrong.isEmpty, "seed \(seed), step \(number)")
            guard wrong.isEmpty else { return }
        }
        #expect(forest.started.count > 20, "seed \(seed)")
    }

    @Test func anAckWithoutTrackingSaysNothing() throws {
        let topology = try build { builder in
            builder.spout("source") { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.shuffle("source")
        }
        let source = try Rig("source", topology)
        source.spout.emit("k", 1)
        let tuple = source.take().arrivals[0].tuple
        #expect(!tuple.isTracked)
        let sink = try Rig("sink", topology)
        sink.bolt.ack(tuple)
        sink.bolt.resetTimeout(tuple)
        #expect(sink.take().records.isEmpty)
        #expect(sink.emitter.state.pointee.acked == 1)
    }

    @Test func aResetAsksTheAckerOfEachTree() throws {
        let topology = try build { builder in
            builder.spout("source") { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.shuffle("source")
        }
        let source = try Rig("source", topology)
        source.spout.emit(id: 1, "k", 1)
        let (arrivals, starts) = source.take()
        let sink = try Rig("sink", topology)
        sink.bolt.resetTimeout(arrivals[0].tuple)
        sink.bolt.ack(arrivals[0].tuple)
        let records = sink.take().records
        #expect(records.map(\.kind) == [.resetTimeout, .ack])
        #expect(records.map(\.root) == [starts[0].root, starts[0].root])
    }

    @Test func neighbouringAcksOfATreeBecomeOneRecord() throws {
        let topology = try build { builder in
            builder.spout("source") { QuietSpout() }
            builder.bolt("sink", parallelism: 3) { QuietBolt() }.all("source")
        }
        let source = try Rig("source", topology)
        source.spout.emit(id: 1, "k", 1)
        let (arrivals, starts) = source.take()
        let sink = try Rig("sink", topology)
        for arrival in arrivals { sink.bolt.ack(arrival.tuple) }
        let records = sink.take().records
        #expect(records == [AckRecord(.ack, root: starts[0].root, value: starts[0].value, task: sink.task.rawValue)])
    }
}
