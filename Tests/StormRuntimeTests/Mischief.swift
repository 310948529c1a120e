import StormCore
import StormTestKit
import StormTopology
import StormWire

/// What goes wrong, or takes a detour, in the bolts of an exactness run.
struct Mischief: Sendable {
    /// Out of 1000 tuples.
    var failsPerMille = 0
    var throwsPerMille = 0
    /// Neither acked nor failed: these time out.
    var dropsPerMille = 0
    /// Tuples that become one, anchored to all of them.
    var joined = 1
    /// Acks are held back and given later, out of order.
    var isLate = false

    /// Seeds take turns with: nothing, fails, detours, detours and fails, timeouts, and all together.
    init(seed: UInt64) {
        let turn = seed % 6
        if turn == 1 || turn == 3 || turn == 5 {
            failsPerMille = 60
            throwsPerMille = 20
        }
        if turn == 2 || turn == 3 || turn == 5 {
            joined = Int(seed / 6 % 3) + 1
            isLate = true
        }
        if turn >= 4 { dropsPerMille = 20 }
    }

    /// Whether each message goes through once, and alone.
    var isQuiet: Bool { failsPerMille + throwsPerMille + dropsPerMille == 0 && joined == 1 }
}

private struct Broken: Error {}

/// The messages that a tuple stands for; joined tuples stand for several.
private func ids(_ tuple: Tuple) -> [Int] { tuple.string("text").split(separator: ",").compactMap { Int($0) } }

/// Emits `0..<count`, divided among its tasks, each until it is acked, by one way.
final class ExactSpout: Spout {
    static var outputs: Outputs { Way.outputs }
    private let check: DeliveryCheck
    private let way: Way
    private let count: Int
    private var emission: Emission?
    private var next = 0
    private var step = 1
    private var replays: [Int] = []

    init(_ check: DeliveryCheck, _ way: Way, count: Int) {
        self.check = check
        self.way = way
        self.count = count
    }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        emission = Emission(way, to: "middle", context)
        next = context.taskIndex
        step = context.tasks(of: context.component).count
    }

    func nextTuple(_ out: SpoutCollector) throws {
        let id: Int
        if let replay = replays.popLast() {
            id = replay
        } else if next < count {
            id = next
            next += step
        } else {
            return
        }
        check.emitted(id)
        emission?.emit(out, id: .int(id), id, "key \(id % 17)", "\(id)")
    }

    func ack(_ id: MessageID) { if let number = id.int { check.acked(number) } }

    func fail(_ id: MessageID, _ reason: FailureReason) {
        guard let number = id.int else { return }
        check.failed(number, reason)
        replays.append(number)
    }
}

/// Passes messages on by one way, and a copy on a stream of its own, with all the mischief that is asked for.
final class MischiefBolt: Bolt {
    static var outputs: Outputs { Way.outputs.stream("side", ["text"]) }
    private let way: Way
    private let mischief: Mischief
    private let seed: UInt64
    private var random = FastRandom(seed: 0)
    private var emission: Emission?
    private var side: OutputStream?
    private var joining: [Tuple] = []
    private var unacked: [Tuple] = []

    init(_ way: Way, _ mischief: Mischief, seed: UInt64) {
        self.way = way
        self.mischief = mischief
        self.seed = seed
    }

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        random = FastRandom(seed: seed &+ UInt64(context.taskIndex))
        emission = Emission(way, to: "sink", context)
        side = out.stream("side")
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        let dice = Int.random(in: 0..<1000, using: &random)
        if dice < mischief.failsPerMille { return out.fail(tuple) }
        if dice < mischief.failsPerMille + mischief.throwsPerMille { throw Broken() }
        if dice < mischief.failsPerMille + mischief.throwsPerMille + mischief.dropsPerMille { return }
        joining.append(tuple)
        if joining.count >= mischief.joined { join(out) }
    }

    /// What waits for more to come goes on without.
    func tick(_ tuple: Tuple, _ out: Collector) throws {
        if !joining.isEmpty { join(out) }
        settle(out, keeping: 0)
    }

    private func join(_ out: Collector) {
        let first = joining[0]
        let text = joining.flatMap(ids).map(String.init).joined(separator: ",")
        emission?.emit(out, anchors: joining, first.int("number"), first.string("key"), text)
        if let side, first.int("number") % 3 == 0 { out.emit(side, anchor: first, text) }
        unacked += joining
        joining = []
        settle(out, keeping: mischief.isLate ? 5 : 0)
    }

    private func settle(_ out: Collector, keeping kept: Int) {
        unacked.shuffle(using: &random)
        while unacked.count > kept { out.ack(unacked.removeLast()) }
    }
}

/// Counts what arrives and acks it by returning; fails some of it by throwing.
final class ExactSink: BasicBolt {
    private let check: DeliveryCheck?
    private let mischief: Mischief
    private let seed: UInt64
    private var random = FastRandom(seed: 0)

    /// - Parameter check: nil: counts nothing.
    init(_ check: DeliveryCheck?, _ mischief: Mischief, seed: UInt64) {
        self.check = check
        self.mischief = mischief
        self.seed = seed
    }

    func prepare(_ context: TaskContext) throws { random = FastRandom(seed: seed &+ UInt64(context.taskIndex)) }

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws {
        let dice = Int.random(in: 0..<1000, using: &random)
        if dice < mischief.failsPerMille / 2 { throw FailedError() }
        if dice < mischief.failsPerMille / 2 + mischief.throwsPerMille / 2 { throw Broken() }
        for id in ids(tuple) { check?.arrived(id) }
    }
}
