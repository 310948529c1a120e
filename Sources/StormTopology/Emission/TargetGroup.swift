import StormCore
public import StormWire

/// One subscription to one stream of this task, as the tuple path sees it: its grouping and its targets in plain memory.
@frozen
public struct TargetGroup {
    @frozen
    public enum Mode: UInt8 {
        /// In turn over the targets, past those that are loaded.
        case turn
        case all
        case fields
        case partialKey
        /// Only reached by `emitDirect`.
        case direct
        case custom
    }

    @usableFromInline let mode: Mode
    /// Whether the turn passes over loaded targets (`topology.disable.loadaware.messaging: false`).
    let isLoadAware: Bool
    /// No target has little under way: the turn goes over those with credit.
    var isStrained = false
    /// `CreditWaits` knows that all targets are out of credit.
    var isWaiting = false
    /// Outboxes of the targets; `turn` uses the first `count` of them and keeps those it passes over behind. Owned.
    @usableFromInline let targets: UnsafeMutablePointer<UnsafeMutablePointer<Outbox>>
    let targetCount: Int
    @usableFromInline var count: Int
    /// Position in `targets` whose turn it is.
    @usableFromInline var next: Int
    /// Which of the targets passed over is looked at next.
    private var lookedAt = 0
    /// Indexes of the grouping fields. Owned.
    @usableFromInline let fields: UnsafeMutablePointer<Int>
    @usableFromInline let fieldCount: Int
    /// Tuples sent to each target, for `partialKey`. Owned.
    @usableFromInline let sent: UnsafeMutablePointer<Int>

    /// - Parameters:
    ///   - outboxes: what the subscription's numbers count from.
    ///   - start: any number; where the turn begins.
    init(
        _ subscription: Subscription, outboxes: UnsafeMutablePointer<Outbox>, start: UInt64, isLoadAware: Bool
    ) {
        var boxes = subscription.targets
        var indexes: [Int] = []
        switch subscription.mode {
        case .turn(let candidates):
            mode = .turn
            boxes = candidates
        case .all: mode = .all
        case .fields(let grouping):
            mode = .fields
            indexes = grouping
        case .partialKey(let grouping):
            mode = .partialKey
            indexes = grouping
        case .direct: mode = .direct
        case .custom: mode = .custom
        }
        precondition(!boxes.isEmpty, "a subscriber without tasks")
        targets = .allocate(capacity: boxes.count)
        for (position, box) in boxes.enumerated() { (targets + position).initialize(to: outboxes + Int(box)) }
        targetCount = boxes.count
        count = boxes.count
        next = Int(start >> 33) % boxes.count
        fields = .allocate(capacity: indexes.count)
        for (position, index) in indexes.enumerated() { (fields + position).initialize(to: index) }
        fieldCount = indexes.count
        sent = .allocate(capacity: boxes.count)
        sent.initialize(repeating: 0, count: boxes.count)
        self.isLoadAware = isLoadAware && mode == .turn && boxes.count > 1
    }

    func free() {
        targets.deallocate()
        fields.deallocate()
        sent.deallocate()
    }

    // MARK: By value

    /// The target of a hash of the grouping fields.
    @inlinable
    mutating func target(hash: UInt64) -> UnsafeMutablePointer<Outbox> {
        let first = StableHash.reduce(hash, to: count)
        return targets[mode == .fields ? first : lessUsed(first, hash)]
    }

    /// Partial key: each hash has two targets, of which this task has used one less.
    @usableFromInline
    mutating func lessUsed(_ first: Int, _ hash: UInt64) -> Int {
        var second = StableHash.reduce(mix64(hash), to: count)
        if second == first { second = first + 1 == count ? 0 : first + 1 }
        let chosen = sent[second] < sent[first] ? second : first
        sent[chosen] += 1
        return chosen
    }

    /// Hash of the grouping fields among the encoded fields at `p`. The same in every process.
    func hash(_ p: UnsafeRawPointer) -> UInt64 {
        var hash: UInt64 = 0
        for position in 0..<fieldCount {
            let field = FieldReader.field(fields[position], from: p)
            hash = StableHash.hash(field, count: FieldReader.byteCount(at: field), seed: hash)
        }
        return hash
    }

    // MARK: In turn

    /// The target whose turn comes after this one.
    @inlinable
    mutating func passTurn() -> UnsafeMutablePointer<Outbox> {
        let following = next &+ 1
        next = following == count ? 0 : following
        return targets[next]
    }

    /// Leaves the target whose turn it is out of the turn; then it is the following one's. O(targets) moves of a word.
    mutating func passOver() {
        let box = targets[next]
        for position in next + 1..<count { targets[position - 1] = targets[position] }
        count -= 1
        targets[count] = box
        if next == count { next = 0 }
    }

    /// One of those passed over, another each time; nil when all are in the turn.
    mutating func lookAtPassedOver() -> Int? {
        guard count < targetCount else { return nil }
        lookedAt += 1
        return count + lookedAt % (targetCount - count)
    }

    /// Takes a target back into the turn, which comes to it last.
    mutating func takeBack(_ position: Int) {
        targets.swap(position, count)
        count += 1
    }

    /// Starts the turn anew with the targets for which `isFit` holds. O(targets).
    /// - Returns: false when there is none; then the turn stays empty.
    mutating func restart(_ isFit: (UnsafeMutablePointer<Outbox>) -> Bool) -> Bool {
        count = 0
        next = 0
        for position in 0..<targetCount where isFit(targets[position]) { takeBack(position) }
        return count > 0
    }
}

extension UnsafeMutablePointer {
    fileprivate func swap(_ a: Int, _ b: Int) {
        guard a != b else { return }
        let kept = self[a]
        self[a] = self[b]
        self[b] = kept
    }
}
