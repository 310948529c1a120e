package import StormCore

/// What became of the messages of one spout task since its object was made: the conservation law in numbers.
///
/// Taken between two slices of the task's executor, so that the numbers belong to one moment. `emitted`, `acked` and `failed`
/// are counted where a message is emitted, acked and failed; `inFlight` is the number of messages that the task still
/// keeps. None is computed from the others, so `balance` tells a message that was forgotten, or ended twice.
///
/// JSON (`/audit` of a worker): the names below in lower case with underscores, and `balance`.
package struct SpoutLedger: Codable, Hashable, Sendable {
    package var component: String
    package var task: Int
    /// Messages emitted with an id; each attempt counts.
    package var emitted = 0
    package var acked = 0
    /// Each failed attempt counts.
    package var failed = 0
    /// Emitted, and neither acked nor failed.
    package var inFlight = 0
    /// Failed, and waiting to be emitted again by the retry policy.
    package var retrying = 0
    /// Given up after the last attempt, and stored.
    package var deadLettered = 0
    /// Emitted again by the retry policy; part of `emitted`.
    package var replayed = 0
    /// Emits without an id: nobody is told what becomes of them.
    package var untracked = 0
    /// What this task threw away unread or unused, by `DropReason`. No message is lost by it.
    package var droppedByReason: [String: Int] = [:]

    package init(component: String, task: TaskID) {
        self.component = component
        self.task = Int(task.rawValue)
    }

    /// 0, or the law is broken: above 0 messages were lost, below 0 some ended more than once.
    package var balance: Int { emitted - acked - failed - inFlight }
    package var isBalanced: Bool { balance == 0 }

    enum CodingKeys: String, CodingKey {
        case component, task, emitted, acked, failed, retrying, replayed, untracked
        case inFlight = "in_flight"
        case deadLettered = "dead_lettered"
        case droppedByReason = "dropped_by_reason"
    }

    private enum DerivedKeys: String, CodingKey { case balance }

    package func encode(to encoder: any Encoder) throws {
        var all = encoder.container(keyedBy: CodingKeys.self)
        try all.encode(component, forKey: .component)
        try all.encode(task, forKey: .task)
        try all.encode(emitted, forKey: .emitted)
        try all.encode(acked, forKey: .acked)
        try all.encode(failed, forKey: .failed)
        try all.encode(inFlight, forKey: .inFlight)
        try all.encode(retrying, forKey: .retrying)
        try all.encode(deadLettered, forKey: .deadLettered)
        try all.encode(replayed, forKey: .replayed)
        try all.encode(untracked, forKey: .untracked)
        try all.encode(droppedByReason, forKey: .droppedByReason)
        var derived = encoder.container(keyedBy: DerivedKeys.self)
        try derived.encode(balance, forKey: .balance)
    }
}

extension SpoutLedger {
    /// Adds another task's numbers, for totals.
    package mutating func add(_ other: SpoutLedger) {
        emitted += other.emitted
        acked += other.acked
        failed += other.failed
        inFlight += other.inFlight
        retrying += other.retrying
        deadLettered += other.deadLettered
        replayed += other.replayed
        untracked += other.untracked
        droppedByReason.merge(other.droppedByReason) { $0 + $1 }
    }
}
