import StormWire

/// Cuts the byte stream of an accepted connection into frames and copies each into a batch of its own: the only copy on
/// the way from the socket's buffer to the executor. Pure but for the batches; confined to one event loop.
///
/// ```swift
/// var rest = bytes
/// while let batch = try assembler.next(&rest, make) { … }
/// ```
struct FrameAssembler {
    /// Longest frame accepted; the owner raises it once the peer is known.
    var maxFrameBytes: Int

    /// The frame being filled; nil before its length is known.
    private var batch: Batch?
    private var frameBytes = 0
    /// Bytes of the frame that have come.
    private var filled = 0
    /// The first bytes of the length, while it is not complete.
    private var lengthBits: UInt32 = 0

    init(maxFrameBytes: Int) { self.maxFrameBytes = maxFrameBytes }

    /// Bytes of an unfinished frame.
    var pendingBytes: Int { filled }

    /// Takes bytes until a frame is complete.
    /// - Parameters:
    ///   - bytes: what came; taken bytes are removed from its front.
    ///   - make: gives a batch with room for so many bytes. Called for a length in bounds only.
    /// - Returns: a batch that holds the frame, unchecked but for its length; nil when `bytes` is used up.
    /// - Throws: `WireError` for a length out of bounds; the assembler is of no use after that.
    mutating func next(
        _ bytes: inout UnsafeRawBufferPointer, _ make: (_ byteCount: Int) -> Batch
    ) throws(WireError) -> Batch? {
        if batch == nil {
            guard takeLength(&bytes) else { return nil }
            guard frameBytes >= BatchLayout.headerBytes, frameBytes <= maxFrameBytes else {
                throw WireError(
                    "a frame of \(frameBytes) bytes; \(BatchLayout.headerBytes) to \(maxFrameBytes) are allowed")
            }
            let made = make(frameBytes)
            made.base.put(UInt32(frameBytes), BatchLayout.lengthOffset)
            batch = made
        }
        guard let batch else { return nil }
        let count = min(bytes.count, frameBytes - filled)
        if count > 0, let from = bytes.baseAddress {
            (batch.base + filled).copyMemory(from: from, byteCount: count)
            bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
            filled += count
        }
        guard filled == frameBytes else { return nil }
        self.batch = nil
        filled = 0
        return batch
    }

    /// - Returns: false when the four bytes of the length are not complete yet.
    private mutating func takeLength(_ bytes: inout UnsafeRawBufferPointer) -> Bool {
        var taken = 0
        while filled < 4, taken < bytes.count {
            lengthBits |= UInt32(bytes[taken]) << UInt32(8 * filled)
            filled += 1
            taken += 1
        }
        bytes = UnsafeRawBufferPointer(rebasing: bytes[taken...])
        guard filled == 4 else { return false }
        frameBytes = Int(lengthBits)
        lengthBits = 0
        return true
    }
}
