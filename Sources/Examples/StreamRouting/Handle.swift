import Storm

/// Stands for the work that one kind of line needs: passes on which line came which way.
final class Handle: BasicBolt {
    static let outputs: Outputs = ["way", "pass", "line"]

    private let way: String

    init(_ way: String) { self.way = way }

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws { out.emit(way, tuple.int(1), tuple.int(2)) }
}
