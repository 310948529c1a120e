import ArgumentParser
import StormCore
import StormMultilang
import StormTopology

/// The topologies that Storm users know from its `storm-perf`, by the same names, and some of our own.
enum Shape: String, CaseIterable, Codable, Sendable, ExpressibleByArgument {
    case constSpoutOnly = "ConstSpoutOnly"
    case constSpoutNullBolt = "ConstSpoutNullBolt"
    case constSpoutIDBoltNullBolt = "ConstSpoutIdBoltNullBolt"
    case wordCount = "WordCount"
    case fileReadWordCount = "FileReadWordCount"
    case lowThroughput = "LowThroughput"
    case crossWorker = "CrossWorker"
    case manyBolts = "ManyBolts"
    case slowBolt = "SlowBolt"
    case shellAck = "ShellAck"
    case shellEmit = "ShellEmit"

    /// What a reader of the results has to know.
    var summary: String {
        switch self {
        case .constSpoutOnly: "a spout without consumers"
        case .constSpoutNullBolt: "a spout and a bolt that does nothing"
        case .constSpoutIDBoltNullBolt: "a spout, a bolt that passes on, a bolt that does nothing"
        case .wordCount: "sentences of 7 words, split, counted"
        case .fileReadWordCount: "lines of a file, split, counted"
        case .lowThroughput: "a spout at a low fixed rate (1000/s unless --rate says otherwise) and a bolt: latency"
        case .crossWorker: "ConstSpoutNullBolt with spout and bolt in two processes, over TCP"
        case .manyBolts: "a spout and three stages of 33 executors: 100 executors"
        case .slowBolt: "a spout and a bolt that sleeps for each tuple: backpressure"
        case .shellAck: "a spout and a bolt in Python that only acks: what a shell component costs"
        case .shellEmit: "a spout, a bolt in Python that emits one word for each tuple, and a bolt that does nothing"
        }
    }

    /// The component whose executed tuples are the throughput; nil: what the spout emits.
    var measured: String? {
        switch self {
        case .constSpoutOnly: nil
        case .wordCount, .fileReadWordCount: "count"
        default: "null"
        }
    }
}

extension RunSpecification {
    /// - Parameter schedule: where paced spouts record how late messages were acked.
    func topology(_ schedule: ScheduleLatency) throws -> Topology {
        let builder = TopologyBuilder()
        let text = payloadBytes.map { String(repeating: "x", count: $0) } ?? "some data"
        let paced = rate ?? (shape == .lowThroughput ? 1000 : nil)
        switch shape {
        case .wordCount: builder.spout("spout", parallelism: spouts) { SentenceSpout() }
        case .fileReadWordCount:
            let input = input
            builder.spout("spout", parallelism: spouts) { try FileSpout(input) }
        default:
            if let paced {
                let each = paced / Double(spouts)
                builder.spout("spout", parallelism: spouts) { PacedSpout(text, perSecond: each, schedule) }
            } else {
                builder.spout("spout", parallelism: spouts) { ConstSpout(text) }
            }
        }
        switch shape {
        case .constSpoutOnly: break
        case .constSpoutNullBolt, .crossWorker, .lowThroughput:
            builder.bolt("null", parallelism: bolts) { NullBolt() }.localOrShuffle("spout")
        case .constSpoutIDBoltNullBolt:
            builder.bolt("id", parallelism: bolts) { IDBolt() }.localOrShuffle("spout")
            builder.bolt("null", parallelism: bolts) { NullBolt() }.localOrShuffle("id")
        case .wordCount, .fileReadWordCount:
            builder.bolt("split", parallelism: bolts) { SplitBolt() }.localOrShuffle("spout")
            builder.bolt("count", parallelism: bolts) { CountBolt() }.fields("split", "word")
        case .manyBolts:
            builder.bolt("stage1", parallelism: 33) { IDBolt() }.shuffle("spout")
            builder.bolt("stage2", parallelism: 33) { IDBolt() }.fields("stage1", "text")
            builder.bolt("null", parallelism: 33) { NullBolt() }.shuffle("stage2")
        case .slowBolt:
            let pause = pauseMicroseconds
            builder.bolt("null", parallelism: bolts) { SlowBolt(microseconds: pause) }.localOrShuffle("spout")
        case .shellAck:
            builder.bolt("null", parallelism: bolts) { shellBolt(emits: false) }
                .localOrShuffle("spout").set("topology.multilang.channel", .bool(hasChannel))
        case .shellEmit:
            builder.bolt("shell", parallelism: bolts) { shellBolt(emits: true) }
                .localOrShuffle("spout").set("topology.multilang.channel", .bool(hasChannel))
            builder.bolt("null", parallelism: bolts) { NullBolt() }.localOrShuffle("shell")
        }
        return try builder.build()
    }

    private func shellBolt(emits: Bool) -> ShellBolt {
        ShellBolt(command: PythonChild(emits: emits, package: python).command, outputs: emits ? ["word"] : [])
    }
}
