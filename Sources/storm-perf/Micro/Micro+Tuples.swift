import StormCore
import StormTopology
import StormWire

extension MicroBenchmark {
    static let encode = MicroBenchmark(name: "encode", unit: "tuple of a string and an int, emitted to one task") {
        operations in
        let bench = try EmitterBench(targets: 1) { $0.shuffle("source") }
        return bench.emit(operations)
    }

    static let route = MicroBenchmark(name: "route", unit: "the same by fields grouping to 16 tasks") { operations in
        let bench = try EmitterBench(targets: 16) { $0.fields("source", "word") }
        return bench.emit(operations)
    }

    static let decode = MicroBenchmark(name: "decode", unit: "tuple of a string and an int, both read in place") {
        operations in
        let bench = try EmitterBench(targets: 1) { $0.shuffle("source") }
        let batch = bench.batch()
        var done = 0
        var sum: UInt64 = 0
        while done < operations {
            var p = batch.payload
            while p < batch.end, done < operations {
                let tuple = Tuple(batch, p)
                p += tuple.byteCount
                sum &+= tuple.withUTF8(0) { UInt64($0[0]) } &+ UInt64(bitPattern: Int64(tuple.int(1)))
                done += 1
            }
        }
        return sum
    }
}

/// An emitter whose batches go nowhere.
private final class EmitterBench {
    private static let words: [String] = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]

    /// Takes a batch back as soon as it is sent.
    private final class Nowhere: OutboxEdge {
        let pool: BatchPool
        var bytes: UInt64 = 0
        var keepsNext = false
        var kept: Batch?

        init(_ pool: BatchPool) { self.pool = pool }

        func send(_ batch: Batch) {
            bytes &+= UInt64(batch.byteCount)
            if keepsNext, kept == nil { kept = batch } else { pool.recycle(batch) }
        }
        var isOutOfCredit: Bool { false }
        var isIdle: Bool { false }
        func nextBatchBytes(atLeast bytes: Int) -> Int { max(bytes, 32 << 10) }
    }

    private final class Source: Bolt {
        static let outputs: Outputs = ["word", "count"]
        func execute(_ tuple: Tuple, _ out: Collector) {}
    }

    private final class Sink: BasicBolt {
        func execute(_ tuple: Tuple, _ out: BasicCollector) {}
    }

    private let pool = BatchPool()
    private let edges: [Nowhere]
    private let collector: Collector

    init(targets: Int, _ subscribe: (BoltDeclarer) -> Void) throws {
        let builder = TopologyBuilder()
        builder.spout("start") { ConstSpout() }
        builder.bolt("source") { Source() }.shuffle("start")
        subscribe(builder.bolt("target", parallelism: targets) { Sink() })
        let topology = try builder.build().description
        let plan = try TopologyPlan(topology, ackers: 0)
        let tasks = plan["target"]?.tasks ?? []
        let pool = pool
        edges = tasks.map { _ in Nowhere(pool) }
        let emitter = Emitter(
            task: plan["source"]?.tasks[0] ?? TaskID(1), component: topology["source"],
            schema: Schema(topology, plan: plan), edges: edges, ackerCount: 0, pool: pool, seed: 1)
        emitter.destinations = tasks
        emitter.resolveRoutes(
            topology, outbox: { Int32($0.rawValue - tasks[0].rawValue) }, isLocal: { _ in true },
            custom: { _, _ in nil })
        collector = Collector(emitter) { _, _ in }
    }

    /// - Returns: bytes of all batches.
    func emit(_ count: Int) -> UInt64 {
        for number in 0..<count { collector.emit(Self.words[number & 7], number) }
        collector.emitter.flush(force: true)
        return edges.reduce(0) { $0 &+ $1.bytes }
    }

    /// A batch full of tuples.
    func batch() -> Batch {
        edges[0].keepsNext = true
        while edges[0].kept == nil { collector.emit(Self.words[0], 1) }
        return edges[0].kept!
    }
}
