import StormCore
import StormTopology
import StormWire

/// What a spout task needs for retries; made by the engine.
struct RetrySetup {
    let policy: RetryPolicy
    let letters: any DeadLetterSink
    let topologyID: String
    let clock: any TimeSource
    let seed: UInt64
}

/// The retries of one spout task: which messages wait, which are under way again, which are being stored.
///
/// A message is in exactly one place: in flight for the first time (`RetainedMessages`), waiting here, in flight again,
/// or on its way to the store, until the spout or whoever asked for a replay hears of its end. Confined to the executor.
final class SpoutRetry {
    private let setup: RetrySetup
    private let component: String
    private let task: TaskID
    private let collector: SpoutCollector
    private var queue: RetryQueue<RetryMessage>
    /// In flight again, by root.
    private var underWay: [UInt64: RetryMessage] = [:]
    /// On their way to the store, by ticket.
    private var storing: [Int: RetryMessage] = [:]
    private var lastTicket = 0
    private var ids = DeadLetterIDs()
    /// Emits after the first one of a message.
    private(set) var replayed = 0
    private(set) var deadLettered = 0

    init(_ setup: RetrySetup, component: String, task: TaskID, collector: SpoutCollector) {
        self.setup = setup
        self.component = component
        self.task = task
        self.collector = collector
        queue = RetryQueue(setup.policy, seed: setup.seed)
        collector.keepMessages(bytesMax: setup.policy.bufferBytes)
    }

    /// Messages that are neither in flight nor at their end.
    var retrying: Int { queue.count + storing.count }
    /// Whether the spout may be asked for new messages: those that wait are not pending, but they have a bound too.
    var hasRoom: Bool { retrying < setup.policy.maxWaiting && collector.retained?.isFull != true }
    /// When the first message is due.
    var nextDue: Int64? { queue.nextDue }

    // MARK: Emit

    /// Emits the messages that are due, as far as there is credit and `topology.max.spout.pending` allows.
    /// - Returns: whether it could go on at once.
    func emitDue(now: Int64) -> Bool {
        while let due = queue.nextDue, due <= now, hasSlot {
            if collector.state.pointee.mustStop { return true }
            guard let message = queue.popDue(now: now) else { break }
            underWay[collector.emitAgain(message.payload, id: message.id)] = message
            replayed += 1
        }
        return false
    }

    /// Whether one more may be in flight.
    var hasSlot: Bool { collector.pendingCount < collector.tracking.pointee.maxPending }

    // MARK: Ends of trees

    /// A tree was completed. - Returns: false when the spout is not to hear of it.
    func acked(_ root: UInt64) -> Bool {
        collector.retained?.release(PendingTrees.slot(of: root))
        guard !underWay.isEmpty, let message = underWay.removeValue(forKey: root) else { return true }
        message.onEnd?(.acked)
        return !message.isReplay
    }

    enum Next {
        /// The message is not known here: the spout has to replay it. So with streams that nobody subscribes to.
        case spout
        /// It waits for its next attempt.
        case later
        /// Its last attempt failed.
        case bury(DeadLetter, ticket: Int)
    }

    /// Which attempt of its message a tree is, from 1.
    func attempts(of root: UInt64) -> Int { (underWay[root]?.attempts ?? 0) + 1 }

    /// A tree failed: decides what becomes of its message, and keeps it.
    func failed(_ root: UInt64, _ id: MessageID, _ cause: FailureCause, now: Int64) -> Next {
        let message: RetryMessage
        if let known = underWay.removeValue(forKey: root) {
            message = known
        } else {
            guard let payload = collector.retained?.take(PendingTrees.slot(of: root)) else { return .spout }
            message = RetryMessage(id: id, payload: payload)
        }
        message.attempts += 1
        message.freshAttempts += 1
        let time = setup.clock.epochMilliseconds()
        message.history.note(DeadLetter.Failure(cause: cause, timeMilliseconds: time))
        guard message.freshAttempts >= setup.policy.maxAttempts else {
            queue.add(message, afterFailure: message.freshAttempts, now: now)
            return .later
        }
        lastTicket += 1
        storing[lastTicket] = message
        return .bury(letter(message, time), ticket: lastTicket)
    }

    /// A letter about a message of which nothing is left but what was wrong with it.
    func letter(ofRefused id: MessageID, _ cause: FailureCause) -> DeadLetter {
        let time = setup.clock.epochMilliseconds()
        return DeadLetter(
            id: ids.next(task: task, epochMilliseconds: time), topologyID: setup.topologyID, component: component,
            task: task, messageID: id.description, stream: .default, fields: [], values: [], attempts: 1,
            history: [DeadLetter.Failure(cause: cause, timeMilliseconds: time)], timeMilliseconds: time)
    }

    func refusedWasStored() { deadLettered += 1 }

    private func letter(_ message: RetryMessage, _ time: Int64) -> DeadLetter {
        let stream = collector.stream(at: message.payload.stream)
        let id = message.letterID ?? ids.next(task: task, epochMilliseconds: time)
        message.letterID = id
        return DeadLetter(
            id: id, topologyID: setup.topologyID, component: component, task: task, messageID: message.id.description,
            stream: stream.id,
            fields: stream.fields, values: message.payload.values, only: message.payload.only,
            attempts: message.attempts, history: message.history, timeMilliseconds: time)
    }

    // MARK: Dead letters

    /// The store has the letter. - Returns: the message for the spout's `deadLettered`; nil when it is not to hear.
    func stored(_ ticket: Int) -> RetryMessage? {
        guard let message = storing.removeValue(forKey: ticket) else { return nil }
        deadLettered += 1
        message.onEnd?(.deadAgain)
        return message.isReplay ? nil : message
    }

    /// The store did not take the letter: the message goes on being tried, at the longest pause.
    /// - Returns: nil when it is not here any more.
    func notStored(_ ticket: Int, now: Int64) -> RetryMessage? {
        guard let message = storing.removeValue(forKey: ticket) else { return nil }
        queue.add(message, afterFailure: .max, now: now)
        return message
    }

    /// Emits a dead letter as a message of its own, with all attempts anew.
    func replay(_ letter: DeadLetter, now: Int64, _ onEnd: @escaping @Sendable (ReplayOutcome) -> Void) {
        guard retrying < setup.policy.maxWaiting else { return onEnd(.busy) }
        guard let position = collector.position(of: letter.stream) else {
            return onEnd(.refused("\(component) has no stream '\(letter.stream)'"))
        }
        let fields = collector.stream(at: position).fields
        guard fields.count == letter.values.count else {
            return onEnd(.refused("stream '\(letter.stream)' has \(fields.count) fields, not \(letter.values.count)"))
        }
        let payload = MessagePayload(stream: position, values: letter.values, only: letter.only)
        queue.addDue(RetryMessage(letter, payload: payload, onEnd: onEnd), now: now)
    }

    /// The end of the task: messages that the spout has to hear of, since nobody emits them again.
    func takeWaiting() -> [RetryMessage] {
        let stored = storing.sorted { $0.key < $1.key }.map(\.value)
        storing.removeAll()
        return (queue.removeAll() + stored).filter { !$0.isReplay }
    }
}
