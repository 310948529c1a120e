import StormCore
import StormTopology
import StormWire
import Testing

/// Sends each tuple to the task whose position its number names, and to the last one too.
private final class ByNumber: CustomGrouping {
    private var targets: [TaskID] = []

    func prepare(source: TaskID, stream: GlobalStreamID, targets: [TaskID]) { self.targets = targets }
    func choose(_ values: [Value]) -> [TaskID] {
        guard case .int(let number) = values[1], number >= 0 else { return [] }
        return [targets[number % targets.count], targets[targets.count - 1]]
    }
}

/// A spout 'source' with two tasks and a bolt 'sink' with `tasks` that subscribes as told.
private func topology(sinks: Int, outputs: Outputs = QuietSpout.outputs, _ subscribe: (BoltDeclarer) -> Void) throws
    -> Topology
{
    try build { builder in
        builder.spout("source", parallelism: 2, outputs: outputs) { QuietSpout() }
        subscribe(builder.bolt("sink", parallelism: sinks) { QuietBolt() })
    }
}

@Suite struct GroupingTests {
    @Test(arguments: [1, 2, 3, 7], [false, true])
    func shuffleGivesEachTaskTheSameNumber(_ sinks: Int, _ isTracked: Bool) throws {
        let rig = try Rig("source", topology(sinks: sinks) { $0.shuffle("source") })
        for number in 0..<sinks * 30 {
            if isTracked { rig.spout.emit(id: .int(number), "k", number) } else { rig.spout.emit("k", number) }
        }
        #expect(rig.takeCounts() == Dictionary(uniqueKeysWithValues: rig.tasks("sink").map { ($0, 30) }))
    }

    @Test func noPreferenceIsAsEvenAsShuffle() throws {
        let rig = try Rig("source", topology(sinks: 4) { $0.none("source") })
        for number in 0..<80 { rig.spout.emit("k", number) }
        #expect(Set(rig.takeCounts().values) == [20])
    }

    @Test func differentEmittersStartTheirTurnsAtDifferentTasks() throws {
        let topology = try topology(sinks: 8) { $0.shuffle("source") }
        let firsts = try (UInt64(0)..<40).map { seed in
            let rig = try Rig("source", topology, seed: seed)
            rig.spout.emit("k", 0)
            return rig.take().arrivals[0].task
        }
        #expect(Set(firsts).count > 4)
    }

    @Test func localOrShuffleStaysInTheWorkerWhileItHasTasksThere() throws {
        let topology = try topology(sinks: 5) { $0.localOrShuffle("source") }
        let tasks = try Rig("source", topology).tasks("sink")
        let mixed = try Rig("source", topology, localTasks: [tasks[1], tasks[4]])
        for number in 0..<20 { mixed.spout.emit("k", number) }
        #expect(mixed.takeCounts() == [tasks[1]: 10, tasks[4]: 10])
        let remote = try Rig("source", topology)
        for number in 0..<20 { remote.spout.emit("k", number) }
        #expect(remote.takeCounts() == Dictionary(uniqueKeysWithValues: tasks.map { ($0, 4) }))
    }

    @Test(arguments: ["key", "number"])
    func fieldsSendsEqualValuesToTheSameTaskFromEveryEmitter(_ field: String) throws {
        let topology = try topology(sinks: 6) { $0.fields("source", field) }
        let rigs = try [0, 1].map { try Rig("source", topology, index: $0, seed: UInt64($0) + 9) }
        var place: [Value: Set<TaskID>] = [:]
        for number in 0..<600 {
            let rig = rigs[number % 2]
            // Typed, dynamic and tracked emits of the same values lead to the same place.
            let key = "key-\(number % 50)"
            switch number % 3 {
            case 0: rig.spout.emit(key, number % 30)
            case 1: rig.spout.emit(values: [.string(key), .int(number % 30)])
            default: rig.spout.emit(id: .int(number), Substring(key), Int32(number % 30))
            }
            for arrival in rig.take().arrivals { place[arrival.tuple.value(field), default: []].insert(arrival.task) }
        }
        #expect(place.count == (field == "key" ? 50 : 30))
        #expect(place.values.allSatisfy { $0.count == 1 })
        #expect(Set(place.values.flatMap { $0 }).count == 6)
    }

    @Test func fieldsOfTwoFieldsLooksAtBothInTheOrderNamed() throws {
        let topology = try topology(sinks: 16) { $0.fields("source", "number", "key") }
        let rig = try Rig("source", topology)
        var places: [String: Set<TaskID>] = [:]
        for key in 0..<20 {
            for number in 0..<20 {
                rig.spout.emit("k\(key)", number)
                rig.spout.emit("k\(key)", number)
                for arrival in rig.take().arrivals { places["\(key) \(number)", default: []].insert(arrival.task) }
            }
        }
        #expect(places.values.allSatisfy { $0.count == 1 })
        for key in 0..<20 {
            #expect(Set((0..<20).flatMap { places["\(key) \($0)"]! }).count > 4)
            #expect(Set((0..<20).flatMap { places["\($0) \(key)"]! }).count > 4)
        }
    }

    @Test func fieldsSpreadsManyKeysEvenly() throws {
        let rig = try Rig("source", topology(sinks: 8) { $0.fields("source", "key") })
        for number in 0..<8_000 { rig.spout.emit("user-\(number)", number) }
        let counts = rig.takeCounts()
        #expect(counts.count == 8)
        #expect(counts.values.allSatisfy { (850...1150).contains($0) }, "\(counts)")
    }

    @Test func partialKeyUsesTwoTasksPerKeyEvenly() throws {
        let topology = try topology(sinks: 5) { $0.partialKey("source", "key") }
        let first = try Rig("source", topology)
        for key in 0..<40 {
            // A fresh emitter: only this key's tuples.
            let rig = try Rig("source", topology, seed: UInt64(key))
            for number in 0..<100 { rig.spout.emit("k\(key)", number) }
            let counts = rig.takeCounts()
            #expect(Array(counts.values) == [50, 50], "key \(key): \(counts)")
            first.spout.emit("k\(key)", 0)
            #expect(counts.keys.contains(first.take().arrivals[0].task))
        }
    }

    @Test func partialKeyEvensOutOneHotKeyAmongOthers() throws {
        let rig = try Rig("source", topology(sinks: 4) { $0.partialKey("source", "key") })
        for number in 0..<4_000 { rig.spout.emit(number % 2 == 0 ? "hot" : "k\(number)", number) }
        #expect(rig.takeCounts().values.allSatisfy { $0 < 1_400 })
    }

    @Test func allGivesEveryTaskACopyWithAnEdgeOfItsOwn() throws {
        let rig = try Rig("source", topology(sinks: 5) { $0.all("source") })
        rig.spout.emit(id: 1, "k", 7)
        let (arrivals, records) = rig.take()
        #expect(arrivals.map(\.task) == rig.tasks("sink"))
        #expect(arrivals.allSatisfy { $0.tuple.values == [.string("k"), .int(7)] })
        #expect(Set(arrivals.map { $0.tuple.anchors[0].edge }).count == 5)
        #expect(records.count == 1)
        #expect(records[0].value == arrivals.reduce(0) { $0 ^ $1.tuple.anchors[0].edge })
    }

    @Test func globalChoosesTheLowestTaskEvenWhenAnotherIsNear() throws {
        let topology = try topology(sinks: 4) { $0.global("source") }
        let tasks = try Rig("source", topology).tasks("sink")
        let rig = try Rig("source", topology, localTasks: [tasks[2]])
        for number in 0..<9 { rig.spout.emit("k", number) }
        #expect(rig.takeCounts() == [tasks[0]: 9])
    }

    @Test func directGoesToTheNamedTaskOrNowhere() throws {
        let outputs = Outputs().directStream("reply", ["key", "number"])
        let rig = try Rig("source", topology(sinks: 3, outputs: outputs) { $0.direct("source", stream: "reply") })
        let tasks = rig.tasks("sink")
        let reply = rig.spout.stream("reply")
        rig.spout.emitDirect(to: tasks[2], reply, "k", 1)
        rig.spout.emitDirect(to: tasks[1], reply, id: 5, "k", 2)
        let (arrivals, records) = rig.take()
        #expect(arrivals.map(\.task) == [tasks[1], tasks[2]])
        #expect(arrivals.map(\.tuple.anchorCount) == [1, 0])
        #expect(records.map(\.value) == [arrivals[0].tuple.anchors[0].edge])
        // Nobody gets it, so its tree is complete from the start.
        rig.spout.emitDirect(to: rig.task, reply, id: 6, "k", 3)
        let lost = rig.take()
        #expect(lost.arrivals.isEmpty)
        #expect(lost.records.map(\.kind) == [.start] && lost.records[0].value == 0)
    }

    @Test func customChoosesAnyNumberOfTasks() throws {
        let rig = try Rig("source", topology(sinks: 4) { $0.custom("source") { ByNumber() } })
        let tasks = rig.tasks("sink")
        rig.spout.emit("k", 1)
        #expect(rig.take().arrivals.map(\.task) == [tasks[1], tasks[3]])
        rig.spout.emit("k", 3)
        #expect(rig.take().arrivals.map(\.task) == [tasks[3], tasks[3]])
        rig.spout.emit("k", -1)
        #expect(rig.take().arrivals.isEmpty)
        rig.spout.emit(id: 1, "k", -1)
        #expect(rig.take().records.map(\.value) == [0])
    }

    @Test func everySubscriberOfAStreamGetsItsShare() throws {
        let topology = try build { builder in
            builder.spout("source") { QuietSpout() }
            builder.bolt("a-all", parallelism: 2) { QuietBolt() }.all("source")
            builder.bolt("b-turn", parallelism: 3) { QuietBolt() }.shuffle("source")
            builder.bolt("c-key", parallelism: 4) { QuietBolt() }.fields("source", "key")
            builder.bolt("d-one", parallelism: 5) { QuietBolt() }.global("source")
        }
        let rig = try Rig("source", topology)
        for number in 0..<30 { rig.spout.emit(id: .int(number), "same", number) }
        let (arrivals, records) = rig.take()
        let counts = arrivals.reduce(into: [TaskID: Int]()) { $0[$1.task, default: 0] += 1 }
        #expect(rig.tasks("a-all").map { counts[$0] } == [30, 30])
        #expect(rig.tasks("b-turn").map { counts[$0] } == [10, 10, 10])
        #expect(rig.tasks("c-key").compactMap { counts[$0] } == [30])
        #expect(rig.tasks("d-one").map { counts[$0] } == [30, nil, nil, nil, nil])
        for record in records {
            let edges = arrivals.flatMap { $0.tuple.anchors.filter { $0.root == record.root }.map(\.edge) }
            #expect(edges.count == 5)
            #expect(record.value == edges.reduce(0, ^))
        }
    }

    @Test func namedStreamsReachOnlyTheirSubscribers() throws {
        let outputs = Outputs(["key", "number"]).stream("errors", ["text"]).stream("unheard", ["text"])
        let topology = try build { builder in
            builder.spout("source", outputs: outputs) { QuietSpout() }
            builder.bolt("sink") { QuietBolt() }.shuffle("source")
            builder.bolt("log") { QuietBolt() }.shuffle("source", stream: "errors")
        }
        let rig = try Rig("source", topology)
        let errors = rig.spout.stream("errors")
        let unheard = rig.spout.stream("unheard")
        rig.spout.emit("k", 1)
        rig.spout.emit(errors, "bad")
        rig.spout.emit(unheard, "lost")
        rig.spout.emit(unheard, id: 3, "lost")
        let (arrivals, records) = rig.take()
        #expect(arrivals.map(\.task) == rig.tasks("log") + rig.tasks("sink"))
        #expect(arrivals.map(\.tuple.sourceStream) == ["errors", "default"])
        #expect(arrivals[0].tuple.string("text") == "bad")
        #expect(arrivals[0].tuple.sourceTask == rig.task && arrivals[0].tuple.sourceComponent == "source")
        // A message that nobody takes is complete at once.
        #expect(records.map(\.value) == [0])
        let emitted = Dictionary(uniqueKeysWithValues: rig.emitter.emittedByStream.map { ($0.0, $0.1) })
        #expect(emitted == ["default": 1, "errors": 1, "unheard": 2])
    }

    @Test func aTupleLargerThanAnyBatchTravelsAlone() throws {
        let rig = try Rig("source", topology(sinks: 1) { $0.shuffle("source") })
        let long = String(repeating: "x", count: 300_000)
        rig.spout.emit("small", 1)
        rig.spout.emit(long, 2)
        rig.spout.emit("small", 3)
        let arrivals = rig.take().arrivals
        #expect(arrivals.map { $0.tuple.int(1) } == [1, 2, 3])
        #expect(arrivals[1].tuple.string(0) == long)
    }

    @Test func anEdgeWithoutCreditAsksTheTaskToStop() throws {
        let rig = try Rig("source", topology(sinks: 1) { $0.shuffle("source") })
        rig.spout.emit("k", 1)
        #expect(!rig.emitter.state.pointee.mustStop)
        rig.edges[0].isOutOfCredit = true
        while rig.edges[0].sent.isEmpty { rig.spout.emit("k", 2) }
        #expect(rig.emitter.state.pointee.mustStop)
    }

    @Test func aFlushSendsOnlyToIdleReceiversUnlessForced() throws {
        let rig = try Rig("source", topology(sinks: 2) { $0.all("source") })
        rig.edges[1].isIdle = false
        rig.spout.emit("k", 1)
        rig.emitter.flush(force: false)
        #expect(rig.edges.map(\.sent.count) == [1, 0, 0] && rig.emitter.hasOpenBatches)
        rig.emitter.flush(force: true)
        #expect(rig.edges.map(\.sent.count) == [1, 1, 0] && !rig.emitter.hasOpenBatches)
    }
}
