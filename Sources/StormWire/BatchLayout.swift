/// The bytes of a batch, the same in a queue and on the wire. Everything is little-endian and unaligned.
///
/// ```
/// header   0  u32  length of the whole frame, header included
///          4  u32  CRC-32C of bytes 8..<length, XOR the low bits of the frame's number on its connection, from 1 (set when
///                  the frame leaves the process)
///          8  u8   kind (1 tuples, 2 ack records)
///          9  u8   flags (bit 0: the sender needs its credit back as soon as this batch is executed)
///         10  u16  reserved
///         12  i32  destination task
///         16  i32  source task
///         20  u32  number of tuples or records
///         24  u64  sequence number on its edge, from 1
/// payload 32  tuples or records, back to back
/// ```
///
/// A tuple:
/// ```
///          0  u32  length of the whole tuple
///          4  u16  stream number in the topology plan
///          6  u16  number of anchors
///          8  u8   number of fields
///          9  u8   flags; 0 on the wire (bit 0: settled, set by ack or fail)
///         10  (u64 root, u64 edge) for each anchor
///          …  tagged fields (see `FieldTag`)
/// ```
public enum BatchLayout {
    public static let headerBytes = 32
    public static let lengthOffset = 0
    public static let checksumOffset = 4
    public static let kindOffset = 8
    public static let flagsOffset = 9
    public static let destinationOffset = 12
    public static let sourceOffset = 16
    public static let countOffset = 20
    public static let sequenceOffset = 24

    public static let tupleHeaderBytes = 10
    public static let anchorBytes = 16
    public static let settledFlag: UInt8 = 1
    /// Of a batch: without it the confirmation of a batch may wait for others.
    public static let urgentFlag: UInt8 = 1

    /// A frame longer than this is refused by a receiver; a tuple must fit in one.
    public static let maxFrameBytes = 64 << 20
    /// A longer tuple cannot be emitted.
    public static let maxTupleBytes = maxFrameBytes - headerBytes
}

public enum BatchKind: UInt8, Sendable {
    case tuples = 1
    case records = 2
}

/// The first byte of a field: its type. The order is part of the wire format.
public enum FieldTag {
    /// No payload.
    public static let null: UInt8 = 0
    public static let `false`: UInt8 = 1
    public static let `true`: UInt8 = 2
    /// i64.
    public static let int: UInt8 = 3
    /// IEEE 754 bits, u64.
    public static let double: UInt8 = 4
    /// u32 byte count, UTF-8.
    public static let string: UInt8 = 5
    /// u32 byte count, bytes.
    public static let bytes: UInt8 = 6
    /// u32 byte count of what follows it, u32 element count, elements as fields.
    public static let list: UInt8 = 7
    /// u32 byte count of what follows it, u32 entry count, per entry: key as a string field, value as a field. Sorted by key.
    public static let map: UInt8 = 8
    /// A whole number that 64 bits do not hold: u32 byte count, its decimal digits without leading zeros, after a `-` if it
    /// is negative. Only children make it; who has no such type reads its digits as a string.
    public static let bigInteger: UInt8 = 9
}

extension UnsafeRawPointer {
    @inlinable
    public func u8(_ offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }
    @inlinable
    public func u16(_ offset: Int) -> UInt16 {
        UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
    @inlinable
    public func u32(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    @inlinable
    public func u64(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

extension UnsafeMutableRawPointer {
    @inlinable
    public func put(_ value: UInt8, _ offset: Int) { storeBytes(of: value, toByteOffset: offset, as: UInt8.self) }
    @inlinable
    public func put(_ value: UInt16, _ offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt16.self)
    }
    @inlinable
    public func put(_ value: UInt32, _ offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
    @inlinable
    public func put(_ value: UInt64, _ offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
    @inlinable
    public var reading: UnsafeRawPointer { UnsafeRawPointer(self) }
}
