import StormCore
import StormWire

/// A spout 'source' with one task and a bolt 'sink' with one; streams: 0 tick, 1 source:default.
func sampleSchema(fields: [String] = ["a", "b"]) throws -> Schema {
    let description = TopologyDescription(components: [
        ComponentDescription(id: "source", kind: .spout, streams: [StreamDescription(fields: fields)]),
        ComponentDescription(id: "sink", kind: .bolt, inputs: [InputDescription(GlobalStreamID("source"), .shuffle)]),
    ])
    return Schema(description, plan: try TopologyPlan(description, ackers: 1))
}

/// A sealed batch of tuples on stream 1, each with these anchors and values.
func sampleBatch(_ tuples: [(anchors: [(UInt64, UInt64)], values: [Value])], _ schema: Schema) -> Batch {
    let sizes = tuples.map { tuple in
        BatchLayout.tupleHeaderBytes + tuple.anchors.count * BatchLayout.anchorBytes
            + tuple.values.reduce(0) { $0 + $1.encodedByteCount }
    }
    let batch = Batch(capacityBytes: BatchLayout.headerBytes + sizes.reduce(0, +), schema: schema)
    var p = batch.payload
    for (tuple, size) in zip(tuples, sizes) {
        p.put(UInt32(size), 0)
        p.put(UInt16(1), 4)
        p.put(UInt16(tuple.anchors.count), 6)
        p.put(UInt16(tuple.values.count), 8)
        p += BatchLayout.tupleHeaderBytes
        for (root, edge) in tuple.anchors {
            p.put(root, 0)
            p.put(edge, 8)
            p += BatchLayout.anchorBytes
        }
        p = tuple.values.reduce(p) { $1.encode(at: $0) }
    }
    batch.seal(.tuples, from: 3, to: 2, count: tuples.count, end: p, sequence: 1)
    return batch
}

/// A copy of a batch's frame; `Batch.bytes` alone does not keep the batch.
func frame(_ batch: Batch) -> [UInt8] { withExtendedLifetime(batch) { Array(batch.bytes) } }

func encoded(_ field: some FieldValue) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: field.encodedByteCount) { buffer, count in
        guard let base = buffer.baseAddress else { return }
        count = field.encode(at: UnsafeMutableRawPointer(base)) - UnsafeMutableRawPointer(base)
    }
}

/// Reads every value and anchor of a frame that the validator accepted, as a receiver would.
func readAll(_ frame: UnsafeRawBufferPointer) -> Int {
    guard let base = frame.baseAddress else { return 0 }
    var sum = 0
    var p = base + BatchLayout.headerBytes
    let end = base + frame.count
    while p < end {
        if base.u8(BatchLayout.kindOffset) == BatchKind.records.rawValue {
            sum &+= AckRecord(at: p)?.value.nonzeroBitCount ?? 0
            p += AckRecord.byteCount
            continue
        }
        var field = p + BatchLayout.tupleHeaderBytes + Int(p.u16(6)) * BatchLayout.anchorBytes
        for _ in 0..<p.u8(8) {
            sum &+= Value(at: field).description.utf8.count
            field += FieldReader.byteCount(at: field)
        }
        p += Int(p.u32(0))
    }
    return sum
}

/// A value of any shape, containers at most `depth` deep.
func anyValue(_ random: inout FastRandom, depth: Int) -> Value {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: .null
    case 1: .bool(.random(using: &random))
    case 2: .int(Int(truncatingIfNeeded: random.next()))
    case 3: .double(Double.random(in: -1e9...1e9, using: &random))
    case 4:
        .string(
            String(
                (0..<Int.random(in: 0..<9, using: &random)).map { _ in "aß✓😀z".randomElement(using: &random) ?? "a" }))
    case 5: .bytes((0..<Int.random(in: 0..<9, using: &random)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    case 6: .list((0..<Int.random(in: 0..<4, using: &random)).map { _ in anyValue(&random, depth: depth - 1) })
    default:
        .map(
            Dictionary(
                (0..<Int.random(in: 0..<4, using: &random)).map { ("k\($0)", anyValue(&random, depth: depth - 1)) },
                uniquingKeysWith: { $1 }))
    }
}
