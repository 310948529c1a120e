import StormTopology
import StormWire

/// Passes each number on.
final class RelayBolt: Bolt {
    static var outputs: Outputs { ["id"] }

    init() {}

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        out.emit(anchor: tuple, tuple.int(0))
        out.ack(tuple)
    }
}

/// A message that no bolt can stand.
struct PoisonError: Error {}

/// Notes what arrives, and acks it; now and then it fails one instead. Poison it throws at.
final class NotingBolt: Bolt {
    private let book: MessageBook
    private let world: World
    private let isPoison: @Sendable (Int) -> Bool

    init(_ book: MessageBook, _ world: World, isPoison: @escaping @Sendable (Int) -> Bool) {
        self.book = book
        self.world = world
        self.isPoison = isPoison
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        if isPoison(tuple.int(0)) { throw PoisonError() }
        if world.oneIn(100) { return out.fail(tuple) }
        book.arrived(tuple.int(0))
        out.ack(tuple)
    }
}
