/// How long a node that another session owns is left to it before it is taken (back): not at all the first time, and then
/// longer with each loss that comes soon after the node was ours. So two living processes with one name change the node
/// about once a minute in the end, not thousands of times a second. Pure.
struct NodeContest: Sendable {
    /// Times in a row that the node was lost soon after it was ours.
    private(set) var losses = 0
    private var madeAt: ContinuousClock.Instant?
    private var leftUntil: ContinuousClock.Instant?

    /// A loss so long after the node was ours is the first one again. Above the longest pause: the other side's.
    static let memory = Duration.seconds(300)
    private static let backoff = Backoff(first: .milliseconds(200), max: .seconds(60))

    /// Whether another has it, as far as is known.
    var isLost: Bool { leftUntil != nil }

    /// The node is ours.
    mutating func made(at now: ContinuousClock.Instant) {
        madeAt = now
        leftUntil = nil
    }

    /// The node is another's. Asked again before `made`, it tells what is left of the same pause.
    /// - Parameter random: in 0..<1, for the jitter.
    /// - Returns: how long to leave it so; zero: take it.
    mutating func pause(at now: ContinuousClock.Instant, random: Double) -> Duration {
        if let leftUntil { return max(.zero, leftUntil - now) }
        if let madeAt, now - madeAt < Self.memory { losses += 1 } else { losses = 0 }
        let pause = losses == 0 ? Duration.zero : Self.backoff.delay(attempt: losses - 1, random: random)
        leftUntil = now + pause
        return pause
    }
}
