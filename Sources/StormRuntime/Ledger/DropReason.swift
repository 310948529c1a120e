/// Why something was thrown away, and what that does to the trees concerned. The names are part of the JSON of a worker's
/// `/audit`.
package enum DropReason: String, Sendable, CaseIterable {
    // MARK: Of a worker; counted in tuples where nothing else is said

    /// Sent to another worker, and not confirmed when the connection ended. Their trees were failed at once.
    case connectionLost = "connection_lost"
    /// Longer than a frame may be. Their trees were failed at once.
    case tooLong = "too_long"
    /// Their task runs nowhere, and too many waited for it. Their trees time out.
    case noPlace = "no_place"
    /// Came for a task that is not here, or does not take such; ack records too. Their trees were failed at once.
    case notHere = "not_here"
    /// Frames that broke the rules; each closed its connection, so the sender counts what was in it as `connection_lost`.
    case malformedFrame = "malformed_frame"

    /// Emitted to a task that does not subscribe to the stream. Nobody waits for them: their trees go on without.
    case misdirected = "misdirected"
    /// How a tree ended, for a spout task that is not in the topology: a peer said that it started one.
    case unaddressedOutcome = "unaddressed_outcome"

    // MARK: Of a spout task; counted in ack records

    /// Said how a tree ended that had ended before: it timed out, or was failed with its worker. Changes nothing.
    case lateOutcome = "late_outcome"
    /// Of a kind that is not known here. The tree times out.
    case unreadableRecord = "unreadable_record"
    /// Came before the spout was opened: about messages of an earlier process.
    case notOpen = "not_open"
}

extension DropReason {
    /// Those that a worker counts; the rest is counted by spout tasks.
    package static var ofWorkers: [DropReason] {
        [.connectionLost, .tooLong, .noPlace, .notHere, .malformedFrame, .misdirected, .unaddressedOutcome]
    }
}
