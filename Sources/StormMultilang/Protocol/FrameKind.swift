/// What a frame of the channel holds: the byte after its length.
enum FrameKind: UInt8 {
    /// Bytes of the length (little-endian, of what follows it) and the kind.
    static let headerBytes = 5
    /// A frame is closed, and another begun, after about so many bytes: a child can begin while the rest is on its way.
    static let wantedBytes = 32 << 10
    /// Most tuples that a child may have acked in one range, and most that it may ask for.
    static let tuplesMax = 1 << 20

    /// Both ways: one message as the JSON protocol has it, without its `end`.
    case message = 0x4A  // J

    // To a child.

    /// `[["component","stream",task,first,[[value,…],…]],…]`: runs of tuples with the numbers `first`, `first + 1`, …
    case tuples = 0x54  // T
    /// A decimal number: emit up to so many messages.
    case next = 0x4E  // N

    // Both ways: of a spout's messages `[id,…]` as it gave them; of a bolt's tuples their numbers, 64 bits little-endian.

    case acked = 0x41  // A
    case failed = 0x46  // F

    // From a child.

    /// Pairs of numbers: the first tuple, and how many from there on are acked.
    case ackedRanges = 0x52  // R
    /// `[["stream",[[reference,[value,…]],…]],…]`: emits without an answer. The stream may be null: the default one. A reference is
    /// a bolt's anchors (null, a number, a list of numbers) or a spout's id (any value; null: untracked).
    case emits = 0x45  // E
    /// The same in bytes, since version 2: a pair of reference and values each, one after the other, and between them the stream of those
    /// that follow, by name or null; at first it is the default one. A value is a byte that says what it is, and its content,
    /// little-endian: `N` null, `T` true, `F` false, `i` 32 bits, `l` a longer whole number of 64 bits at most (32 bits: how many digits of 15 bits, less than 0
    /// for a number below 0; these, in 16 bits each, the lowest first), `g` a double, `u` or `t` a string (32 bits: its bytes; UTF-8), `[` or `(` a
    /// list (32 bits: how many values). That is what Python's `marshal` writes as its version 2. Lists are the pair, the values, and
    /// a list of anchors; a spout's id is null, a string, or a number of 64 bits. What does not fit goes into a frame of `emits`.
    case packedEmits = 0x4D  // M
    /// 32 bits: so many tuples more may be sent.
    case credit = 0x43  // C
    /// Nothing: the child lives (a bolt), or has carried out the oldest frame that has no answer (a spout).
    case sync = 0x53  // S
}
