/// Spreads work evenly over time: so many a second, and never more than a tenth of a second's worth at once, so that a pause
/// is not made up for by a flood.
struct Pace {
    private let perSecond: Int
    private var last: Int64?
    /// Parts of a message that are due, in millionths.
    private var credit: Int64 = 0

    init(perSecond: Int) { self.perSecond = perSecond }

    /// - Returns: how many are due now, at most `most`; they count as done.
    mutating func take(atMicroseconds now: Int64, most: Int) -> Int {
        // A clock that was set back gives nothing.
        let elapsed = max(0, min(now - (last ?? now), 100_000))
        last = now
        credit = min(credit + elapsed * Int64(perSecond), max(1_000_000, Int64(perSecond) * 100_000))
        let due = min(Int(credit / 1_000_000), most)
        credit -= Int64(due) * 1_000_000
        return due
    }
}
