/// Pauses between attempts to connect: doubling from the least to the greatest, each shortened by up to half at random,
/// so that the workers of a topology do not all knock at the same moment. Pure.
struct Backoff: Equatable, Sendable {
    let minMilliseconds: Int
    let maxMilliseconds: Int

    /// - Parameters:
    ///   - attempt: failed attempts so far, from 1.
    ///   - random: any bits.
    func pauseMilliseconds(attempt: Int, random: UInt64) -> Int {
        let least = max(1, minMilliseconds)
        let whole = min(max(least, maxMilliseconds), least << min(max(0, attempt - 1), 20))
        let half = whole / 2
        return whole - Int(random % UInt64(half + 1))
    }
}
