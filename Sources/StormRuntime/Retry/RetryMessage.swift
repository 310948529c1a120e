import StormCore
import StormTopology
import StormWire

/// What became of a dead letter that was emitted again.
package enum ReplayOutcome: Hashable, Sendable {
    /// Its tree was completed: the letter can go.
    case acked
    /// All attempts failed again; the letter is stored anew, with them.
    case deadAgain
    /// It was not emitted: the spout is not open yet, or too many messages wait for their retry just now.
    case busy
    /// It was not emitted, for this reason, and would not be another time.
    case refused(String)
}

/// A message that failed and is to be emitted again. Confined to its task's executor.
final class RetryMessage {
    let id: MessageID
    let payload: MessagePayload
    /// Emits that failed.
    var attempts = 0
    /// Of these, the ones since it was last a dead letter: what the policy counts.
    var freshAttempts = 0
    var history: [DeadLetter.Failure] = []
    /// Once it was, or was to become, a dead letter: the letter's id. A letter that was written although the answer was
    /// lost is so found again.
    var letterID: String?
    /// Of a message that was a dead letter: who wants to hear of its end. The spout heard of the message before.
    let onEnd: (@Sendable (ReplayOutcome) -> Void)?

    init(id: MessageID, payload: MessagePayload) {
        self.id = id
        self.payload = payload
        onEnd = nil
    }

    /// A dead letter that gets all its attempts anew.
    init(_ letter: DeadLetter, payload: MessagePayload, onEnd: @escaping @Sendable (ReplayOutcome) -> Void) {
        id = .string(letter.messageID)
        self.payload = payload
        attempts = letter.attempts
        history = letter.history
        letterID = letter.id
        self.onEnd = onEnd
    }

    /// Whether its end is none of the spout's business.
    var isReplay: Bool { onEnd != nil }
    var lastReason: FailureReason { history.last?.cause.reason ?? .none }
}
