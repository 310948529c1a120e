import Logging
import NIOCore
import NIOPosix
import StormCore
import StormRuntime
import StormTopology
import StormWire
import Synchronization

@testable import StormTransport

/// Longest wait for anything in these tests.
let patience: Duration = .seconds(30)

/// A value that tests wait on: each change looks at the conditions of those who wait.
final class Watched<Value: Sendable>: Sendable {
    private let value: Mutex<Value>
    private let gate = ChangeGate()

    init(_ value: Value) { self.value = Mutex(value) }

    var current: Value { value.withLock { $0 } }

    @discardableResult
    func change<R: Sendable>(_ body: (inout Value) -> R) -> R {
        let result = value.withLock { body(&$0) }
        gate.changed()
        return result
    }

    /// - Returns: false when the condition did not come true in time.
    func wait(_ condition: @escaping @Sendable (Value) -> Bool) async -> Bool {
        await gate.wait(on: MultiThreadedEventLoopGroup.singleton.any(), until: .now() + TimeAmount(patience)) {
            self.value.withLock { condition($0) }
        }
    }
}

/// An engine that only writes down what it is told.
final class RecordingReceiver: BatchReceiver {
    struct Seen: Sendable {
        var received: [Batch] = []
        var lost: [Batch] = []
        var processLost: [[TaskID]] = []
        var losses: [ProcessLoss] = []
        /// The calls in order: `lost`, `process`.
        var order: [String] = []
    }

    let schema: Schema
    let seen = Watched(Seen())
    private let returnsCredit: Bool

    init(_ schema: Schema, returnsCredit: Bool = true) {
        self.schema = schema
        self.returnsCredit = returnsCredit
    }

    func receive(_ batch: Batch) {
        if returnsCredit { batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence) }
        seen.change { $0.received.append(batch) }
    }

    func lost(_ batch: Batch) {
        batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        seen.change {
            $0.lost.append(batch)
            $0.order.append("lost")
        }
    }

    func processLost(_ loss: ProcessLoss) {
        seen.change { $0.losses.append(loss) }
        processLost(of: loss.tasks)
    }

    func processLost(of tasks: [TaskID]) {
        seen.change {
            $0.processLost.append(tasks)
            $0.order.append("process")
        }
    }
}

/// Counts the credit that came back.
final class CreditCounter: CreditHolder {
    let bytes = Watched(0)

    func returnCredit(_ bytes: Int, sequence: UInt64) { self.bytes.change { $0 += bytes } }
}

final class NoBolt: Bolt {
    static let outputs: Outputs = ["number"]
    func execute(_ tuple: Tuple, _ out: Collector) {}
}

final class NoSpout: Spout {
    static let outputs: Outputs = ["number", "text"]
    func nextTuple(_ out: SpoutCollector) {}
}

/// Tasks of `twoStepSchema`: 1 acker, 2...3 bolt, 4 spout.
func twoStepSchema(bolts: Int = 2) throws -> Schema {
    let builder = TopologyBuilder()
    builder.spout("source") { NoSpout() }
    builder.bolt("count", parallelism: bolts) { NoBolt() }.shuffle("source")
    let description = try builder.build().description
    return Schema(description, plan: try TopologyPlan(description, ackers: 1))
}

/// A batch of one tuple (an int and a string) of the source's stream.
func tupleBatch(_ schema: Schema, to task: Int32, number: Int = 7, text: String = "hello") -> Batch {
    let bytes = BatchLayout.tupleHeaderBytes + number.encodedByteCount + text.encodedByteCount
    let batch = Batch(capacityBytes: BatchLayout.headerBytes + bytes, schema: schema)
    let p = batch.payload
    p.put(UInt32(bytes), 0)
    p.put(UInt16(schema.plan.streamNumber(GlobalStreamID("source")) ?? 0), 4)
    p.put(UInt16(0), 6)
    p.put(UInt16(2), 8)
    let end = text.encode(at: number.encode(at: p + BatchLayout.tupleHeaderBytes))
    batch.seal(.tuples, from: 4, to: task, count: 1, end: end, sequence: 1)
    return batch
}

func recordBatch(_ schema: Schema, _ record: AckRecord, to task: Int32) -> Batch {
    let batch = Batch(capacityBytes: BatchLayout.headerBytes + AckRecord.byteCount, schema: schema)
    record.write(at: batch.payload)
    batch.seal(.records, from: 4, to: task, count: 1, end: batch.payload + AckRecord.byteCount, sequence: 1)
    return batch
}

/// The bytes that leave the process for it.
/// - Parameter number: the frame's number on its connection.
func wire(_ batch: Batch, _ number: UInt64 = 1) -> ByteBuffer {
    withExtendedLifetime(batch) {
        batch.fillInChecksum(frame: number)
        return ByteBuffer(bytes: batch.bytes)
    }
}

func quietLogger() -> Logger {
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .trace
    return logger
}

func hello(
    version: UInt16 = Hello.currentVersion, fingerprint: UInt64 = 5, streams: Int = 3, topology: String = "words-1-1",
    token: String = "secret"
) -> Hello {
    Hello(
        version: version, incarnation: 9, fingerprint: fingerprint, streamCount: streams, port: 6700,
        topologyID: topology, token: token, node: "node-a")
}

func configuration(
    _ node: String, port: Int = 0, topology: String = "words-1-1", token: String = "secret"
) -> TransportConfiguration {
    TransportConfiguration(topologyID: topology, node: node, bindHost: "127.0.0.1", port: port, token: token)
}

extension WorkerTransport {
    /// Made, attached and listening.
    static func listening(
        _ configuration: TransportConfiguration, _ receiver: any BatchReceiver
    ) async throws -> WorkerTransport {
        let transport = WorkerTransport(
            configuration, group: MultiThreadedEventLoopGroup.singleton, logger: quietLogger())
        transport.attach(receiver)
        try await transport.start()
        return transport
    }

    func address(_ node: String) throws -> WorkerAddress {
        guard let port = localPort else { throw TransportError(.wrongState, "not started") }
        return WorkerAddress(node: node, host: "127.0.0.1", port: port)
    }
}
