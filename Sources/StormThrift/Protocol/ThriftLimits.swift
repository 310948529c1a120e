/// What a reader accepts from a peer. All bytes of a message are in memory when it is read, so the frame limit bounds
/// these too; they exist for the amplification a small message could cause.
package struct ThriftLimits: Sendable {
    /// The longest frame, either direction. Storm: `nimbus.thrift.max_buffer_size`, `drpc.max_buffer_size`.
    package var frameBytesMax = 1_048_576
    /// The longest text or binary value.
    package var stringBytesMax = 1_048_576
    /// The most elements in one list, set or map.
    package var elementsMax = 1_000_000
    /// How deep structs and containers may nest. Storm's own types nest less than 12 deep.
    package var depthMax = 64

    package init() {}

    /// Limits for frames of up to `frameBytesMax` bytes.
    package init(frameBytesMax: Int) {
        self.frameBytesMax = frameBytesMax
        stringBytesMax = frameBytesMax
    }
}
