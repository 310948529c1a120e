/// Whether the law held: every message that was emitted is acked, and every message that is acked came to a sink.
package struct Verdict: Codable, Equatable, Sendable {
    /// Different messages.
    package var emitted = 0
    package var acked = 0
    /// Failures: a message may fail more than once.
    package var failed = 0
    package var failedByReason: [String: Int] = [:]
    /// Emissions of a message after its first.
    package var replayed = 0
    /// What came to the sinks, again and again included.
    package var arrived = 0
    package var duplicates = 0
    /// Acked, but at no sink: lost. Must be 0.
    package var missing = 0
    /// `SPOUT/NUMBER` of the first of them.
    package var missingExamples: [String] = []
    /// Emitted and not acked. Must be 0 when the run has come to its end.
    package var unfinished = 0
    /// At a sink or acked, but never emitted. Must be 0.
    package var invented = 0
    /// How often tasks of each component were opened.
    package var processes: [String: Int] = [:]
    package var longestGapMilliseconds: Double?
    package var incident: Incident?

    /// What came after an incident, in milliseconds from it.
    package struct Incident: Codable, Equatable, Sendable {
        /// End of the longest silence at the sinks.
        package var flowsAgainMilliseconds: Double?
        package var longestGapMilliseconds: Double?
        package var fullRateMilliseconds: Double?
        /// Whole seconds since with less than 80 % of the rate before.
        package var slowSeconds: Int?
        /// Messages per second at the sinks before.
        package var rateBefore: Double?
        package var firstReplayMilliseconds: Double?
        package var lastReplayMilliseconds: Double?
        package var replayedAfter: Int
        package var failedAfter: Int
        /// The first task that a new process opened.
        package var reopenedMilliseconds: Double?
    }

    package init() {}

    /// - Parameter isRunning: messages may be under way, and may have come to a sink after the spout's diary was read.
    package func holds(isRunning: Bool) -> Bool {
        emitted > 0 && missing == 0 && (isRunning || invented == 0 && unfinished == 0)
    }

    mutating func addMissing(_ name: String) {
        missing += 1
        if missingExamples.count < 10 { missingExamples.append(name) }
    }

    static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
