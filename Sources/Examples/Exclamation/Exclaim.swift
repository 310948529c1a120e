import Glibc
import Storm

/// Adds three exclamation marks.
final class Exclaim: BasicBolt {
    static let outputs: Outputs = ["word"]

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws { out.emit(tuple.string("word") + "!!!") }
}

/// Prints the first words and then every thousandth, so that one sees it run.
final class Show: BasicBolt {
    private var count = 0

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws {
        count += 1
        guard count <= 10 || count % 1000 == 0 else { return }
        print("\(count) \(tuple.string("word"))")
        fflush(nil)  // a file would get it only with the next few kilobytes
    }
}
