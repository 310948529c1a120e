import FoundationEssentials
import Storm

/// Emits the lines of the files, one whole file in memory at a time, in numbered passes over the text.
///
/// After all lines of a pass are acked it asks for the totals (`done`). If the answer is a failure, the pass is read again.
final class Lines: Spout {
    static let outputs = Outputs(["text", "pass", "line"]).stream("done", ["pass", "lines"])
    private static let doneID = -1

    private let files: [String]
    private let once: Bool
    private var context: TaskContext?
    private var done: OutputStream?
    /// Starts at the time in milliseconds, so that the passes of a restarted spout come after those before the crash.
    private var pass = 0
    private var nextFile = 0
    private var content = Data()
    private var cursor = 0
    private var line = 0
    /// Lines on their way; their text is kept so that they can be emitted again. At most `topology.max.spout.pending`.
    private var pending: [Int: [UInt8]] = [:]
    private var failed: [Int] = []
    private var isAsking = false
    private var isOver = false

    init(files: [String], once: Bool) {
        self.files = files
        self.once = once
    }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        self.context = context
        done = out.stream("done")
        pass = Int(Date().timeIntervalSince1970 * 1000)
    }

    func nextTuple(_ out: SpoutCollector) throws {
        if isOver || isAsking { return }
        if let again = failed.popLast() {
            if let text = pending[again] { out.emit(id: .int(again), text, pass, again) }
            return
        }
        if let text = try nextLine() {
            pending[line] = text
            out.emit(id: .int(line), text, pass, line)
            line += 1
        } else if pending.isEmpty, let done {
            isAsking = true
            out.emit(done, id: .int(Self.doneID), pass, line)
        }
    }

    func ack(_ id: MessageID) {
        guard let number = id.int else { return }
        if number != Self.doneID {
            pending[number] = nil
        } else if once {
            isOver = true
            context?.finish()
        } else {
            pass += 1
            startOver()
        }
    }

    func fail(_ id: MessageID, _ reason: FailureReason) {
        guard let number = id.int else { return }
        if number == Self.doneID { startOver() } else { failed.append(number) }
    }

    private func startOver() {
        (nextFile, content, cursor, line, isAsking) = (0, Data(), 0, 0, false)
    }

    /// - Returns: nil at the end of the last file.
    private func nextLine() throws -> [UInt8]? {
        while cursor >= content.count {
            guard nextFile < files.count else { return nil }
            content = try Data(contentsOf: URL(filePath: files[nextFile]))
            (cursor, nextFile) = (0, nextFile + 1)
        }
        let rest = content[cursor...]
        let end = rest.firstIndex(of: 10) ?? content.count
        defer { cursor = end + 1 }
        return [UInt8](rest[..<end])
    }
}
