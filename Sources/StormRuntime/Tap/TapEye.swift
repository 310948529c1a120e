import StormCore
import StormTopology
import StormWire

/// Takes the samples of one executor for one session. Confined to the executor's loop.
final class TapEye {
    private let session: TapSession
    private let schema: Schema
    private let streams: Set<Int>
    /// Position of the filter's field in each stream that has it.
    private let filterField: [Int: Int]
    /// Samples that may still be taken of this batch.
    private var left = 0
    private var scanLeft = TapSession.scanNanosecondsMax
    private var scanAt: Int64

    init(_ session: TapSession, schema: Schema, inputs: [GlobalStreamID]) {
        self.session = session
        self.schema = schema
        streams = session.query.streams(schema, inputs: inputs)
        scanAt = session.now
        var fields: [Int: Int] = [:]
        if let filter = session.query.filter {
            for stream in streams {
                fields[stream] = schema.streams[stream].fields.firstIndex(of: filter.field)
            }
        }
        filterField = fields
    }

    func wants(stream: Int) -> Bool { streams.contains(stream) }

    func begin() -> TapVerdict {
        guard let allowance = session.allowance() else { return .rest }
        guard allowance > 0 else { return .enough }
        // Of a batch not everything, so that samples are spread.
        left = min(allowance, max(1, session.query.perSecond / 10))
        let now = session.now
        scanLeft = min(TapSession.scanNanosecondsMax, scanLeft + (now - scanAt) / TapSession.scanShare)
        scanAt = now
        return scanLeft > 0 ? .more : .enough
    }

    func look(at record: UnsafeRawPointer, from task: Int32) -> TapVerdict {
        let stream = Int(record.u16(4))
        guard streams.contains(stream) else { return .more }
        let fields = record + BatchLayout.tupleHeaderBytes + Int(record.u16(6)) * BatchLayout.anchorBytes
        guard accepts(fields, stream, count: Int(record.u8(8))) else {
            session.count(seen: 1, matched: 0)
            return hasTime() ? .more : .enough
        }
        session.count(seen: 1, matched: 1)
        take(fields, stream, count: Int(record.u8(8)), task)
        left -= 1
        return left > 0 ? .more : .enough
    }

    private func accepts(_ fields: UnsafeRawPointer, _ stream: Int, count: Int) -> Bool {
        guard let filter = session.query.filter else { return true }
        guard let index = filterField[stream], index < count else { return false }
        return filter.accepts(Value(at: FieldReader.field(index, from: fields)))
    }

    /// Whether the filter may go on.
    private func hasTime() -> Bool {
        let now = session.now
        scanLeft -= now - scanAt
        scanAt = now
        return scanLeft > 0
    }

    private func take(_ fields: UnsafeRawPointer, _ stream: Int, count: Int, _ task: Int32) {
        let described = schema.streams[stream]
        var budget = TapValue.sampleBytesMax
        var values: [ConfigValue] = []
        var field = fields
        for _ in 0..<count {
            values.append(TapValue.json(at: field, budget: &budget))
            field += FieldReader.byteCount(at: field)
        }
        session.add(
            TapSample(
                sequence: 0, timeMilliseconds: session.epochMilliseconds, component: described.id.component,
                stream: described.id.stream.name, task: Int(task), names: described.fields, values: values),
            bytes: TapValue.sampleBytesMax - budget + 256)
    }
}
