import StormCore

/// What a child's tuples cost, taken when it settles them: a bolt whose work is done elsewhere spends no time in `execute`.
///
/// *Process* is from when a tuple was given to the child to its ack, as in Storm. *Execute* is how long the child worked on
/// it: a child takes one tuple after the other, so what is settled in one turn has cost it the time since the turn
/// before that settled any, or since the first of these tuples was given, whichever is later; all of them had an equal
/// share. So the sum is never more than the time that passed, and capacity says how busy the child is.
struct ChildTimes {
    private(set) var execute = LatencyBuckets()
    private(set) var process = LatencyBuckets()
    /// When tuples were settled last. Monotonic nanoseconds, as all times here.
    private var lastSettled = Int64.min
    /// Of this turn: tuples settled, and when the first of them was given.
    private var settled = 0
    private var firstStarted = Int64.max

    mutating func add(from started: Int64, now: Int64, isAcked: Bool) {
        settled += 1
        firstStarted = min(firstStarted, started)
        if isAcked { process.record(now - started) }
    }

    /// After all messages of a turn.
    mutating func endTurn(now: Int64) {
        guard settled > 0 else { return }
        execute.record((now - max(lastSettled, firstStarted)) / Int64(settled), times: settled)
        lastSettled = now
        settled = 0
        firstStarted = .max
    }
}
