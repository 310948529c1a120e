import Glibc
import StormTopology
import StormWire

/// Acks, and does nothing else (Storm's DevNullBolt).
final class NullBolt: BasicBolt {
    func execute(_ tuple: Tuple, _ out: BasicCollector) {}
}

/// Passes its field on (Storm's IdBolt).
final class IDBolt: BasicBolt {
    static let outputs: Outputs = ["text"]

    func execute(_ tuple: Tuple, _ out: BasicCollector) {
        tuple.withUTF8(0) { out.emit(UTF8Slice($0)) }
    }
}

/// Cuts a sentence at its spaces.
final class SplitBolt: BasicBolt {
    static let outputs: Outputs = ["word"]

    func execute(_ tuple: Tuple, _ out: BasicCollector) {
        tuple.withUTF8(0) { text in Words.each(text) { out.emit(UTF8Slice($0)) } }
    }
}

/// Counts words and emits each new count, as Storm's CountBolt does.
final class CountBolt: BasicBolt {
    static let outputs: Outputs = ["word", "count"]
    // Unchecked: only `execute` uses it, which is never called twice at a time; the check took a tenth of the run.
    @exclusivity(unchecked) private var counts: [String: Int] = [:]

    func execute(_ tuple: Tuple, _ out: BasicCollector) {
        let word = tuple.string(0)
        let count = Words.count(word, &counts)
        out.emit(word, count)
    }
}

/// Sleeps for each tuple.
final class SlowBolt: BasicBolt {
    private let pause: useconds_t

    init(microseconds: Int) { pause = useconds_t(microseconds) }

    func execute(_ tuple: Tuple, _ out: BasicCollector) { usleep(pause) }
}

/// What the bolts and the hand-written loop that they are compared with have in common.
enum Words {
    @inline(__always)
    static func each(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var start = 0
        for index in 0...text.count where index == text.count || text[index] == UInt8(ascii: " ") {
            if index > start { body(UnsafeBufferPointer(rebasing: text[start..<index])) }
            start = index + 1
        }
    }

    @inline(__always)
    static func count(_ word: String, _ counts: inout [String: Int]) -> Int {
        increment(&counts[word, default: 0])
    }

    /// One more, in the place where it is: a second look-up for the new value would cost as much as the first.
    private static func increment(_ count: inout Int) -> Int {
        count += 1
        return count
    }
}
