import Storm

/// Sends each line one of four ways.
final class Classify: Bolt {
    static let outputs = Outputs()
        .stream("blank", ["text", "pass", "line"])
        .stream("short", ["text", "pass", "line"])
        .stream("long", ["text", "pass", "line"])
        .directStream("numbered", ["text", "pass", "line"])

    private var blank: OutputStream?
    private var short: OutputStream?
    private var long: OutputStream?
    private var numbered: OutputStream?
    /// Bytes that each task of `numbers` has got from here.
    private var sent: [(task: TaskID, bytes: Int)] = []

    func prepare(_ context: TaskContext, _ out: Collector) throws {
        blank = out.stream("blank")
        short = out.stream("short")
        long = out.stream("long")
        numbered = out.stream("numbered")
        sent = context.tasks(of: "numbers").map { ($0, 0) }
    }

    func execute(_ tuple: Tuple, _ out: Collector) throws {
        let (text, pass, line) = (tuple.bytes(0), tuple.int(1), tuple.int(2))
        switch LineKind(text) {
        case .blank: if let blank { out.emit(blank, anchor: tuple, text, pass, line) }
        case .short: if let short { out.emit(short, anchor: tuple, text, pass, line) }
        case .long: if let long { out.emit(long, anchor: tuple, text, pass, line) }
        case .numbered:
            // To whoever has got the least so far: no grouping knows that, so the task is named here.
            guard let numbered, let least = sent.indices.min(by: { sent[$0].bytes < sent[$1].bytes }) else { break }
            sent[least].bytes += text.count
            out.emitDirect(to: sent[least].task, numbered, anchors: [tuple], text, pass, line)
        }
        out.ack(tuple)
    }
}

/// What a line looks like.
enum LineKind: Equatable {
    case blank, short, long, numbered

    private static let shortBytesMax = 60

    init(_ text: [UInt8]) {
        if text.allSatisfy({ $0 == 32 || (9...13).contains($0) }) {
            self = .blank
        } else if text.contains(where: { (48...57).contains($0) }) {
            self = .numbered
        } else {
            self = text.count <= Self.shortBytesMax ? .short : .long
        }
    }
}
