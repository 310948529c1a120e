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

/// Notes what arrives, and acks it; now and then it fails one instead.
final class NotingBolt: Bolt {
    private let book: MessageBook
    private let world: World

    init(_ book: MessageBook, _ world: World) {
        self.book = book
        self.world = world
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        if world.oneIn(100) { return out.fail(tuple) }
        book.arrived(tuple.int(0))
        out.ack(tuple)
    }
}
