package import StormTopology

/// Why the messages of one spout task failed: counts by cause, and the newest examples. Bounded; a value without clock.
package struct FailureJournal: Sendable {
    /// Different causes that are counted apart; what comes beyond is counted together.
    package static let causesMax = 64
    package static let examplesMax = 16

    /// One failed message.
    package struct Example: Codable, Hashable, Sendable {
        /// The spout's message id, as text.
        package var message: String
        package var cause: FailureCause
        /// Epoch milliseconds.
        package var timeMilliseconds: Int64
        /// Times that the message was emitted.
        package var attempts: Int

        enum CodingKeys: String, CodingKey {
            case message, cause, attempts
            case timeMilliseconds = "time_ms"
        }
    }

    package struct CauseCount: Codable, Hashable, Sendable {
        package var cause: FailureCause
        package var count: Int
    }

    package struct Snapshot: Codable, Hashable, Sendable {
        /// The most frequent first.
        package var causes: [CauseCount]
        /// Failures of further causes.
        package var other: Int
        /// The newest first.
        package var examples: [Example]
    }

    /// By cause without its detail, which may be another one each time; with the newest detail.
    private var counts: [FailureCause: (count: Int, detail: String?)] = [:]
    private var other = 0
    private var examples: [Example] = []
    /// Where the next example goes, once all places are taken.
    private var next = 0

    package init() {}

    /// Counted by reason and place; details only serve as examples. O(1).
    package mutating func add(_ id: MessageID, _ cause: FailureCause, timeMilliseconds: Int64, attempts: Int = 1) {
        var place = cause
        place.detail = nil
        if counts[place] != nil || counts.count < Self.causesMax {
            counts[place, default: (0, nil)].count += 1
            if let detail = cause.detail { counts[place]?.detail = detail }
        } else {
            other += 1
        }
        let example = Example(message: "\(id)", cause: cause, timeMilliseconds: timeMilliseconds, attempts: attempts)
        if examples.count < Self.examplesMax {
            examples.append(example)
        } else {
            examples[next] = example
            next = (next + 1) % Self.examplesMax
        }
    }

    package var snapshot: Snapshot {
        let causes = counts.map { cause, counted in
            var shown = cause
            shown.detail = counted.detail
            return CauseCount(cause: shown, count: counted.count)
        }
        .sorted { ($1.count, $0.cause.task ?? 0) < ($0.count, $1.cause.task ?? 0) }
        return Snapshot(
            causes: causes, other: other, examples: Array((examples[next...] + examples[..<next]).reversed()))
    }
}
