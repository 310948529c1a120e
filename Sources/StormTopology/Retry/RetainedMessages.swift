package import StormCore
package import StormWire

/// What a message consists of, so that it can be emitted again: its stream and its fields in encoded form.
package struct MessagePayload: Hashable, Sendable {
    /// Position of the stream among the spout's own.
    package let stream: Int
    package let fieldCount: Int
    /// The encoded fields, back to back.
    package let fields: [UInt8]
    /// The task that a direct emit named.
    package let only: TaskID?

    package init(stream: Int, fieldCount: Int, fields: [UInt8], only: TaskID?) {
        self.stream = stream
        self.fieldCount = fieldCount
        self.fields = fields
        self.only = only
    }

    package init(stream: Int, values: [Value], only: TaskID?) {
        let byteCount = values.reduce(0) { $0 + $1.encodedByteCount }
        let fields = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            _ = values.reduce(UnsafeMutableRawPointer(base)) { $1.encode(at: $0) }
            count = byteCount
        }
        self.init(stream: stream, fieldCount: values.count, fields: fields, only: only)
    }

    package var values: [Value] {
        fields.withUnsafeBytes { bytes in
            guard var next = bytes.baseAddress else { return [] }
            return (0..<fieldCount).map { _ in
                defer { next += FieldReader.byteCount(at: next) }
                return Value(at: next)
            }
        }
    }
}

/// Copies of the messages that a spout task has in flight, by the slot of their tree (`PendingTrees`). Only there with a
/// retry policy.
///
/// Small buffers stay with their slot and are used again, so that a message costs a copy and, once it runs, no allocation.
@usableFromInline package final class RetainedMessages {
    private struct Entry {
        var stream: Int32 = -1
        var fieldCount = 0
        var only: TaskID?
        var fields: [UInt8] = []
    }

    /// A free slot keeps no larger buffer.
    private static let keptBytes = 512

    private let bytesMax: Int
    private var entries: [Entry] = []
    /// Bytes of all messages kept.
    package private(set) var byteCount = 0

    package init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Whether the spout has to wait with new messages. What it emits in a call that it is in is still kept.
    package var isFull: Bool { byteCount >= bytesMax }

    /// Keeps a copy of a message's encoded fields. O(bytes).
    package func keep(_ slot: Int, stream: Int, fieldCount: Int, only: TaskID?, fields: UnsafeRawBufferPointer) {
        while entries.count <= slot { entries.append(Entry()) }
        release(slot)
        entries[slot].stream = Int32(stream)
        entries[slot].fieldCount = fieldCount
        entries[slot].only = only
        entries[slot].fields.append(contentsOf: fields)
        byteCount += fields.count
    }

    /// Forgets a message. O(1).
    package func release(_ slot: Int) {
        guard slot < entries.count, entries[slot].stream >= 0 else { return }
        byteCount -= entries[slot].fields.count
        entries[slot].stream = -1
        let isSmall = entries[slot].fields.capacity <= Self.keptBytes
        entries[slot].fields.removeAll(keepingCapacity: isSmall)
    }

    /// Takes a message out. - Returns: nil when none was kept.
    package func take(_ slot: Int) -> MessagePayload? {
        guard slot < entries.count, entries[slot].stream >= 0 else { return nil }
        let entry = entries[slot]
        defer { release(slot) }
        return MessagePayload(
            stream: Int(entry.stream), fieldCount: entry.fieldCount, fields: entry.fields, only: entry.only)
    }
}
