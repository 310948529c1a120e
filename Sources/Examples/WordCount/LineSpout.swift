import Logging
import Storm

/// Reads its share of the files and emits their lines until each is acked.
///
/// Also tells the counters how far it is (`progress`), and with `once`, when all is acked, asks for the report (`done`).
final class LineSpout: Spout {
    static let outputs = Outputs(["line", "id"])
        .stream("progress", ["spout", "lowWater", "flush"])
        .stream("done", ["spout"])

    /// Lines between the first one not acked and the last one emitted: bounds what the counters remember.
    private static let windowLinesMax = 100_000
    private static let doneID = -1
    private static let saveInterval: Duration = .milliseconds(250)

    private enum Phase {
        case reading
        /// The report was asked for.
        case asked
        case reported
        case over
    }

    private let files: [String]
    private let output: String?
    private let once: Bool

    private var context: TaskContext?
    private var folder: StateFolder?
    private var progress: OutputStream?
    private var done: OutputStream?
    private var phase = Phase.reading
    private var share: [String] = []
    private var window = LineWindow()
    /// Where the next new line is.
    private var position = LinePosition(file: 0, offset: 0)
    private var reader: LineReader?
    private var replayReader: LineReader?
    /// Numbers of lines to emit again.
    private var failed: [Int] = []
    private var saved = 0
    private var nextSave = ContinuousClock.now
    private var nextFlush = ContinuousClock.now
    private var flushInterval: Duration = .milliseconds(5)
    /// Whether the text has any line, so that going round an empty one stops.
    private var hasLines = false

    init(files: [String], output: String?, once: Bool) {
        self.files = files
        self.output = output
        self.once = once
    }

    func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        guard !context.tasks(of: "__acker").isEmpty else {
            throw FileError("counts are only exact with ackers, but topology.acker.executors is 0: leave it unset")
        }
        self.context = context
        progress = out.stream("progress")
        done = out.stream("done")
        let spouts = context.tasks(of: context.component).count
        share = files.indices.filter { $0 % spouts == context.taskIndex }.map { files[$0] }
        for file in share { try LineReader.check(file) }
        folder = try StateFolder(output: output, context)
        guard let path = folder?.lines(context.taskIndex), let state = try SpoutState.load(path) else { return }
        guard state.position.file <= share.count else {
            throw FileError("'\(path)' speaks of more files than this task has: \(share.count)")
        }
        window = LineWindow(lowWater: state.line)
        position = state.position
        saved = state.line
        if state.isFinished { phase = .reported }
        context.logger.info("goes on after a restart", metadata: ["line": "\(state.line)"])
    }

    func nextTuple(_ out: SpoutCollector) throws {
        switch phase {
        case .over: return
        case .reported: return try finish()
        case .asked: return
        case .reading: break
        }
        try saveIfDue(out)
        if try emitFailed(out) { return }
        if window.count < Self.windowLinesMax, try emitNew(out) { return }
        guard once, position.file >= share.count else { return }
        if window.isEmpty { try ask(out) } else { flush(out) }
    }

    func ack(_ id: MessageID) {
        guard let line = id.int else { return }
        if line == Self.doneID { phase = .reported } else { window.ack(line) }
    }

    func fail(_ id: MessageID, _ reason: FailureReason) {
        guard let line = id.int else { return }
        if line == Self.doneID { phase = .reading } else { failed.append(line) }
    }

    func close() {
        guard let folder, folder.isLocal else { return }
        do { try folder.remove() } catch { context?.logger.warning("\(error)") }
    }

    // MARK: Lines

    /// - Returns: whether there was a line.
    private func emitNew(_ out: SpoutCollector) throws -> Bool {
        while true {
            if position.file >= share.count {
                guard !once, hasLines else { return false }
                position = LinePosition(file: 0, offset: 0)
            }
            let reader = try self.reader ?? LineReader(share[position.file], offset: position.offset)
            self.reader = reader
            let start = LinePosition(file: position.file, offset: reader.offset)
            if try reader.next({ emit($0, window.append(start), out) }) != nil {
                position.offset = reader.offset
                hasLines = true
                return true
            }
            self.reader = nil
            position = LinePosition(file: position.file + 1, offset: 0)
        }
    }

    /// Emits one failed line again. - Returns: whether there was one.
    private func emitFailed(_ out: SpoutCollector) throws -> Bool {
        while let line = failed.popLast() {
            guard let place = window.position(of: line) else { continue }
            let path = share[place.file]
            let reader =
                if let replayReader, replayReader.path == path { replayReader } else { try LineReader(path) }
            replayReader = reader
            reader.seek(to: place.offset)
            guard try reader.next({ emit($0, line, out) }) != nil else {
                failed.append(line)
                throw FileError("'\(path)' got shorter: no line at offset \(place.offset) any more")
            }
            return true
        }
        return false
    }

    private func emit(_ text: UnsafeBufferPointer<UInt8>, _ line: Int, _ out: SpoutCollector) {
        out.emit(id: .int(line), BytesSlice(text), LineID(spout: taskIndex, number: line).rawValue)
    }

    private var taskIndex: Int { context?.taskIndex ?? 0 }

    // MARK: Progress

    private func saveIfDue(_ out: SpoutCollector) throws {
        guard window.lowWater > saved, ContinuousClock.now >= nextSave else { return }
        nextSave = .now + Self.saveInterval
        try save(finished: false)
        if let progress { out.emit(progress, taskIndex, saved, false) }
    }

    /// Only what is written may be told: the counters forget all words below it.
    private func save(finished: Bool) throws {
        var state = SpoutState()
        state.line = window.lowWater
        state.position = window.firstPosition ?? position
        state.isFinished = finished
        if let folder { try state.save(folder.lines(taskIndex)) }
        saved = state.line
    }

    /// All lines are out: nothing more will fill the counters up, so they are to write what they have.
    private func flush(_ out: SpoutCollector) {
        guard let progress, ContinuousClock.now >= nextFlush else { return }
        out.emit(progress, taskIndex, saved, true)
        nextFlush = .now + flushInterval
        flushInterval = min(flushInterval * 2, .milliseconds(500))
    }

    // MARK: The end

    private func ask(_ out: SpoutCollector) throws {
        guard let done else { return }
        try save(finished: false)
        phase = .asked
        out.emit(done, id: .int(Self.doneID), taskIndex)
    }

    /// The report has been written. The last spout task to come here takes the state away, since then nobody will ask for a
    /// report again.
    private func finish() throws {
        guard let context else { return }
        if let folder {
            try save(finished: true)
            let all = context.tasks(of: context.component).indices
            let finished = try all.filter { try SpoutState.load(folder.lines($0))?.isFinished ?? false }
            if finished.count == all.count {
                try folder.remove()
                context.finish()
            }
        } else {
            context.finish()
        }
        phase = .over
    }
}
