import StormLogs

/// Reads chains of log files from their machines, and puts their lines in order. Keeps where each chain was read up to.
struct LogCollector {
    private let client: LogPageClient
    private let filter: LogFilter
    /// While lines are followed, one that is not whole yet waits for its end.
    private let takesRest: Bool
    private var cursors: [LogChain.Key: LogCursor] = [:]
    /// Chains that turn up from now on are read from this time on only (epoch milliseconds): who follows the newest lines
    /// does not want all that a machine has when it answers at last. Nil: from their beginning.
    var laterSinceMilliseconds: Int64?
    private var filters: [LogChain.Key: LogFilter] = [:]
    /// What could not be read, and why; the newest reason of each machine.
    private(set) var gaps: [WorkerPlace: String] = [:]

    /// Questions under way at one time.
    private static let questionsMax = 16
    /// What all pieces that wait to be merged may take together, about.
    private static let pieceBytesSum = 64 << 20

    init(_ client: LogPageClient, filter: LogFilter, follows: Bool) {
        self.client = client
        self.filter = filter
        takesRest = !follows
    }

    // MARK: Forwards

    /// All lines of the chains that were not read yet, merged.
    mutating func read(_ chains: [LogChain], _ say: (LogLine) throws -> Void) async throws {
        let pending = chains.filter { chain in cursors[chain.key].map(chain.isBeyond) ?? true }
        guard !pending.isEmpty else { return }
        for chain in pending where cursors[chain.key] == nil && filters[chain.key] == nil {
            var own = filter
            if let later = laterSinceMilliseconds { own.sinceMilliseconds = max(own.sinceMilliseconds ?? later, later) }
            filters[chain.key] = own
        }
        var merge = LineMerge(sources: pending.count)
        let bytes = pieceBytes(sources: pending.count)
        while !merge.isDone {
            let questions = merge.needs.sorted().map { source in
                let chain = pending[source]
                let own = filters[chain.key] ?? filter
                let cursor = cursors[chain.key] ?? chain.start(sinceMilliseconds: own.sinceMilliseconds)
                let path = LogQuery.piece(cursor, bytes: bytes, isBackward: false, takesRest: takesRest, filter: own)
                return Question(source: source, place: chain.key.place, path: path)
            }
            for (source, result) in await pieces(questions) {
                let key = pending[source].key
                switch result {
                case .success(let piece):
                    cursors[key] = piece.next
                    merge.add(piece.lines, to: source)
                    if piece.isEnd { merge.end(source) }
                    if piece.isGap {
                        gaps[key.place] = "lines of worker \(key.worker) were deleted before they were read"
                    }
                case .failure(let failure):
                    gaps[key.place] = failure.description
                    merge.end(source)
                }
            }
            while let (record, source) = merge.next() {
                try say(LogLine(record: record, worker: pending[source].key.worker, stream: pending[source].key.stream))
            }
        }
    }

    private func pieceBytes(sources: Int) -> Int {
        // With a filter most of a piece is not in the answer.
        let most = filter.isEmpty ? LogReader.Request.bytesDefault : LogReader.Request.bytesMax
        return max(16 << 10, min(most, Self.pieceBytesSum / max(1, sources)))
    }

    // MARK: Backwards

    /// The newest lines of all chains; then everything up to them counts as read.
    mutating func newest(_ count: Int, _ chains: [LogChain]) async -> [LogLine] {
        var found: [(line: LogLine, chain: Int, number: Int)] = []
        var reading: [Int: (cursor: LogCursor, lines: [LogRecord])] = [:]
        for (index, chain) in chains.enumerated() {
            // The end is where it is when it is read.
            var cursor = chain.end
            cursor.offset = Int.max
            reading[index] = (cursor, [])
        }
        var ends: [Int: LogCursor] = [:]
        while !reading.isEmpty {
            let questions = reading.sorted { $0.key < $1.key }.map { index, state in
                Question(
                    source: index, place: chains[index].key.place,
                    path: LogQuery.piece(
                        state.cursor, bytes: backwardBytes, isBackward: true,
                        takesRest: takesRest || ends[index] != nil, filter: filter))
            }
            for (index, result) in await pieces(questions) {
                guard var state = reading[index] else { continue }
                switch result {
                case .success(let piece):
                    if ends[index] == nil { ends[index] = piece.end }
                    state.lines = Array((piece.lines + state.lines).suffix(count))
                    if let next = piece.next, state.lines.count < count {
                        state.cursor = next
                        reading[index] = state
                        continue
                    }
                case .failure(let failure): gaps[chains[index].key.place] = failure.description
                }
                reading[index] = nil
                let key = chains[index].key
                for (number, record) in state.lines.enumerated() {
                    let line = LogLine(record: record, worker: key.worker, stream: key.stream)
                    found.append((line, index, number))
                }
            }
        }
        for (index, end) in ends { cursors[chains[index].key] = end }
        found.sort {
            ($0.line.record.timeMilliseconds, $0.chain, $0.number)
                < ($1.line.record.timeMilliseconds, $1.chain, $1.number)
        }
        return found.suffix(count).map(\.line)
    }

    private var backwardBytes: Int { filter.isEmpty ? 128 << 10 : LogReader.Request.bytesMax }

    // MARK: Asking

    private struct Question: Sendable {
        var source: Int
        var place: WorkerPlace
        var path: String
    }

    /// - Returns: in the order of the questions.
    private func pieces(_ questions: [Question]) async -> [(source: Int, Result<LogPiece, PageClient.Failure>)] {
        let client = client
        let answers = await Bounded.map(questions, atOnce: Self.questionsMax) { question in
            do throws(PageClient.Failure) {
                return Result<LogPiece, PageClient.Failure>.success(
                    try await client.piece(question.path, question.place))
            } catch {
                return .failure(error)
            }
        }
        return zip(questions, answers).map { (source: $0.source, $1) }
    }
}
