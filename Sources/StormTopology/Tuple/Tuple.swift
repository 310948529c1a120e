public import StormCore
public import StormWire

/// One tuple, read in place: a view of its encoded bytes.
///
/// Passing it on costs nothing. Keeping it keeps its whole batch in memory (a join or a window may; a cache should copy
/// the values out). It belongs to the task that received it and must not be used from another thread.
///
/// A typed reader that meets another type, and any reader of a field that is not there, answers with an empty value (0,
/// false, "") and notes a *fault*: when `execute` returns, the tuple fails with reason `badField`, even if the bolt acked it
/// after the fault, and an error is reported that says what was asked for and what is there. What the bolt emitted
/// meanwhile leaves, as part of the tree that fails. Use `value(_:)` where the type is open.
///
/// ```swift
/// let word = tuple.string("word")
/// let count = tuple.int(1)
/// ```
@frozen
public struct Tuple {
    @usableFromInline package let batch: Batch
    @usableFromInline package var record: UnsafeMutableRawPointer

    @inlinable
    package init(_ batch: Batch, _ record: UnsafeMutableRawPointer) {
        self.batch = batch
        self.record = record
    }

    /// Whole encoded size, in bytes.
    @inlinable
    package var byteCount: Int { Int(record.reading.u32(0)) }
    @inlinable
    package var streamNumber: Int { Int(record.reading.u16(4)) }
    @inlinable
    package var anchorCount: Int { Int(record.reading.u16(6)) }
    @inlinable
    package var isSettled: Bool { record.reading.u8(9) & BatchLayout.settledFlag != 0 }

    @inlinable
    package func anchor(_ index: Int) -> UnsafeMutableRawPointer {
        record + BatchLayout.tupleHeaderBytes + index * BatchLayout.anchorBytes
    }

    @inlinable
    package var fieldsStart: UnsafeRawPointer {
        UnsafeRawPointer(record) + BatchLayout.tupleHeaderBytes + anchorCount * BatchLayout.anchorBytes
    }

    // MARK: Where it comes from

    /// Number of fields.
    @inlinable
    public var count: Int { Int(record.reading.u8(8)) }
    public var sourceTask: TaskID { TaskID(batch.sourceTask) }
    public var sourceComponent: String { batch.schema.streams[streamNumber].id.component }
    public var sourceStream: StreamID { batch.schema.streams[streamNumber].id.stream }
    /// Names of the fields, in order.
    public var fields: [String] { batch.schema.streams[streamNumber].fields }
    /// Whether this is a tick of `topology.tick.tuple.freq.secs`.
    @inlinable
    public var isTick: Bool { record.reading.u16(4) == UInt16(TopologyPlan.tickStreamNumber) }
    /// Whether a spout tracks a tree that this tuple is part of.
    public var isTracked: Bool { anchorCount > 0 }
}

extension Tuple: CustomStringConvertible {
    public var description: String {
        "\(sourceComponent):\(sourceStream)#\(sourceTask) [" + values.map(\.description).joined(separator: ", ") + "]"
    }
}
