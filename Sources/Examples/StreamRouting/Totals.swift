import FoundationEssentials
import Storm

/// Counts the lines of each way, each line once, and writes the totals when they add up.
final class Totals: Bolt {
    private let output: String?
    private var count = PassCount()

    init(output: String?) { self.output = output }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        guard tuple.sourceStream == "done" else {
            count.add(tuple.string(0), pass: tuple.int(1), line: tuple.int(2))
            return out.ack(tuple)
        }
        let lines = tuple.int(1)
        count.start(pass: tuple.int(0))
        guard count.lines == lines else {
            throw FailedError("\(count.lines) of \(lines) lines are counted: the others were lost with a worker")
        }
        let text = count.text
        if let output {
            try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
        } else {
            print(text, terminator: "")
        }
        out.ack(tuple)
    }
}

/// The lines of one pass over the text, by their way. The same line may come several times.
struct PassCount {
    private var pass = 0
    private var seen: Set<Int> = []
    private(set) var ways: [String: Int] = [:]

    var lines: Int { ways.values.reduce(0, +) }

    mutating func add(_ way: String, pass: Int, line: Int) {
        start(pass: pass)
        // A late line of an earlier pass was counted there.
        guard pass == self.pass, seen.insert(line).inserted else { return }
        ways[way, default: 0] += 1
    }

    /// Forgets earlier passes.
    mutating func start(pass: Int) {
        guard pass > self.pass else { return }
        self = PassCount()
        self.pass = pass
    }

    /// `way<TAB>lines`, the sum last.
    var text: String {
        ways.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)\n" }.joined() + "lines\t\(lines)\n"
    }
}
