/// Decides which executor of a busy loop goes to another loop. Pure: loads in, a move out.
///
/// A loop that keeps up is left alone, so a chain of executors stays together while one thread is enough for it; every
/// hop between loops costs. Three things keep moves from flapping: a loop must have been saturated for several periods in
/// a row, a move must lower the greater of the two loads clearly, and who decides holds an executor that moved for a time
/// that doubles with each move (`holdNanoseconds`).
struct LoadBalancer: Sendable {
    /// How often a busy loop looks at itself.
    static let periodNanoseconds: Int64 = 100_000_000
    /// Shares of a loop's time from which on it is saturated, and up to which another has much room.
    static let saturatedShare = 0.9
    static let roomShare = 0.7
    /// Least gain of a move, in shares of one loop.
    static let leastGain = 0.08
    /// What a hop to or from a neighbour weighs against a better balance, in shares of one loop.
    static let hopShare = 0.01
    /// Saturated periods before a move.
    static let patiencePeriods = 2
    /// Share of two loops together below which one is enough for both, and the periods before an executor goes home.
    static let calmShare = 0.4
    static let calmPeriods = 20

    /// One executor of the loop that decides.
    struct Load: Equatable, Sendable {
        /// Share of the loop's time in the last period.
        var share: Double
        /// Whether it moved a short while ago, or is bound to its loop.
        var isHeld = false
        /// Executors that it exchanges tuples with: those on its own loop, less those on each other loop.
        var cutByLoop: [Int] = []
        /// The loop it was built on, when that is another one: index into the others.
        var home: Int?
    }

    /// Which executor goes to which of the other loops, both as indexes.
    struct Move: Equatable, Sendable {
        var executor: Int
        var loop: Int
    }

    private(set) var saturatedPeriods = 0
    private(set) var calmPeriods = 0

    /// Takes in one period of the loop that decides.
    ///
    /// - Parameters:
    ///   - own: share of the period that the loop was busy.
    ///   - others: the same of every other shared loop.
    /// - Returns: at most one move. O(executors × loops).
    mutating func evaluate(own: Double, executors: [Load], others: [Double]) -> Move? {
        saturatedPeriods = own >= Self.saturatedShare ? saturatedPeriods + 1 : 0
        if saturatedPeriods >= Self.patiencePeriods, let move = Self.spread(own, executors, others) {
            saturatedPeriods = 0
            return move
        }
        return goHome(own, executors, others)
    }

    private static func spread(_ own: Double, _ executors: [Load], _ others: [Double]) -> Move? {
        var best: (move: Move, cost: Double)?
        for (loop, other) in others.enumerated() where other <= roomShare {
            for (index, load) in executors.enumerated() where !load.isHeld && load.share > 0 {
                let peak = max(own - load.share, other + load.share)
                guard own - peak >= leastGain else { continue }
                let cut = load.cutByLoop.indices.contains(loop) ? load.cutByLoop[loop] : 0
                let cost = peak + hopShare * Double(max(-5, min(5, cut)))
                if best.map({ cost < $0.cost }) ?? true { best = (Move(executor: index, loop: loop), cost) }
            }
        }
        return best?.move
    }

    /// An executor goes back when its home has been idle enough for a good while.
    private mutating func goHome(_ own: Double, _ executors: [Load], _ others: [Double]) -> Move? {
        let candidate = executors.firstIndex { load in
            !load.isHeld && load.home.map { others.indices.contains($0) && own + others[$0] < Self.calmShare } ?? false
        }
        guard let candidate, let home = executors[candidate].home else {
            calmPeriods = 0
            return nil
        }
        calmPeriods += 1
        guard calmPeriods >= Self.calmPeriods else { return nil }
        calmPeriods = 0
        return Move(executor: candidate, loop: home)
    }

    /// How long an executor stays after its `moves`-th move: 2 s, 4 s, … up to 256 s.
    static func holdNanoseconds(afterMoves moves: Int) -> Int64 { 1_000_000_000 << Int64(max(1, min(8, moves))) }
}
