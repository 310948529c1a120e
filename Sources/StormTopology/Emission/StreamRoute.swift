/// How tuples of one output stream leave, resolved as far as it can be before they are encoded. Plain data.
@frozen
public struct StreamRoute {
    @frozen
    public enum Kind: UInt8 {
        /// Nobody subscribes: the tuple is counted and not encoded.
        case none
        /// One subscription with one target.
        case one
        /// One subscription whose targets take turns.
        case turn
        /// One subscription by the hash of some fields: `Emitter.aim` sets `box` before the tuple is encoded.
        case fields
        /// As `fields`, the less used of two targets.
        case partialKey
        /// Anything else: encode into the scratch buffer, then `Emitter.distribute`.
        case general
    }

    @usableFromInline package var kind: Kind
    @usableFromInline package var fieldCount: UInt16
    @usableFromInline package var streamNumber: UInt16
    /// Among the task's own streams.
    @usableFromInline package let index: UInt16
    @usableFromInline package var groupCount: Int32
    /// Where the next tuple is encoded straight into the open batch, if `isPlaced`.
    @usableFromInline package var box: UnsafeMutablePointer<Outbox>
    /// One for each subscription; owned.
    @usableFromInline package var groups: UnsafeMutablePointer<TargetGroup>
    /// Tuples emitted so far.
    @usableFromInline package var emitted: Int
    /// Of these, those that were not encoded straight into one target's batch, and the copies made of them. All others
    /// have one copy each, which nobody needs to count.
    @usableFromInline package var unplaced = 0
    @usableFromInline package var copies = 0
    /// Of a spout: messages of this stream that were acked, and that failed.
    @usableFromInline package var acked = 0
    @usableFromInline package var failed = 0

    init(index: Int, streamNumber: UInt16, fieldCount: UInt16, box: UnsafeMutablePointer<Outbox>) {
        self.index = UInt16(index)
        kind = .none
        self.fieldCount = fieldCount
        self.streamNumber = streamNumber
        groupCount = 0
        self.box = box
        groups = .allocate(capacity: 0)
        emitted = 0
    }

    /// Copies handed to target tasks so far.
    package var transferred: Int { emitted - unplaced + copies }

    /// Whether the one target is known before the tuple is encoded.
    @inlinable
    package var isPlaced: Bool { kind.rawValue &- Kind.one.rawValue <= Kind.partialKey.rawValue &- Kind.one.rawValue }
    /// Whether the target depends on the values.
    @inlinable
    package var isByValue: Bool { kind == .fields || kind == .partialKey }

    /// Takes over new groups in place of the old ones.
    mutating func setGroups(_ all: [TargetGroup]) {
        freeGroups()
        groups = .allocate(capacity: all.count)
        for (index, group) in all.enumerated() { (groups + index).initialize(to: group) }
        groupCount = Int32(all.count)
    }

    /// The end of the route, or of its groups: `groups` must not be used before it is set again.
    mutating func freeGroups() {
        for index in 0..<Int(groupCount) { groups[index].free() }
        groups.deallocate()
        groupCount = 0
    }
}
