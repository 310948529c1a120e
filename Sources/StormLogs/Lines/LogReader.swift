import StormCore

/// Reads pieces of the log files of a machine, forwards and backwards, from file to file over rotations. Calls block for as
/// long as the disk takes.
package struct LogReader: Sendable {
    package struct Request: Hashable, Sendable {
        package var name: LogFileName
        package var id: String?
        /// Nil: forwards the beginning, backwards the end.
        package var offset: Int?
        /// Of the file, at most; lines count whole.
        package var bytesMax: Int
        package var isBackward = false
        /// What is behind the last line end is a line, too.
        package var takesRest = false
        package var filter = LogFilter()
        package var beforeMilliseconds: Int64?

        package init(name: LogFileName, offset: Int? = nil, bytesMax: Int = Self.bytesDefault) {
            self.name = name
            self.offset = offset
            self.bytesMax = bytesMax
        }

        package static let bytesMin = 4 << 10
        package static let bytesDefault = 256 << 10
        package static let bytesMax = 4 << 20
    }

    private let folder: LogFolder
    /// How long one search may take.
    private let patience: Duration

    package init(_ folder: LogFolder, patience: Duration = .seconds(1)) {
        self.folder = folder
        self.patience = patience
    }

    /// - Returns: nil when there is no such file, nor any other of its stream.
    /// - Throws: `LinePattern.Fault`.
    package func piece(_ request: Request) throws(LinePattern.Fault) -> LogPiece? {
        let pattern: LinePattern? = if let grep = request.filter.grep { try LinePattern(grep) } else { nil }
        guard let (name, file, isGap) = find(request) else { return nil }
        let deadline = ContinuousClock.now + patience
        let scan = LineScan(
            stream: name.stream, filter: request.filter, pattern: pattern,
            fileTimeMilliseconds: file.modifiedMilliseconds, mayGoOn: { ContinuousClock.now < deadline })
        return request.isBackward
            ? backward(request, name, file, scan) : forward(request, name, file, scan, isGap: isGap)
    }

    /// The file; the oldest of its stream when it has gone for good.
    private func find(_ request: Request) -> (LogFileName, OpenLogFile, isGap: Bool)? {
        if let id = request.id {
            if let (name, file) = folder.open(request.name, id: id) { return (name, file, false) }
        } else if let file = folder.open(request.name) {
            return (request.name, file, false)
        }
        let oldest = folder.files(request.name.topologyID).files.first {
            $0.port == request.name.port && $0.stream == request.name.stream
        }
        guard let oldest, let file = folder.open(request.name.rotated(oldest.rotation)) else { return nil }
        return (request.name.rotated(oldest.rotation), file, true)
    }

    // MARK: Forwards

    private func forward(
        _ request: Request, _ name: LogFileName, _ file: OpenLogFile, _ scan: LineScan, isGap: Bool
    ) -> LogPiece {
        let asked = max(0, request.offset ?? 0)
        // A file that has become shorter was set aside and emptied.
        let isGap = isGap || asked > file.bytes
        let offset = isGap ? 0 : asked
        // At least as much as the longest line, so that there is always a way forward.
        let count = max(request.bytesMax, LineScan.lineBytesMax)
        let bytes = file.read(from: offset, count: count)
        // Nothing is added to a file that was set aside.
        let isLast = bytes.count < count
        let takesRest = isLast && (request.takesRest || name.rotation > 0)
        let result = scan.run(bytes, takesRest: takesRest, before: request.beforeMilliseconds)
        var next = LogCursor(
            file: name.description, id: file.id, offset: offset + result.consumed,
            timeMilliseconds: result.timeMilliseconds)
        let isAtEnd = isLast && (result.consumed == bytes.count || scanStopped(result, bytes, takesRest))
        guard isAtEnd, let (newerName, newer) = newer(than: name, file) else {
            return LogPiece(lines: result.lines, next: next, isEnd: isAtEnd, isGap: isGap)
        }
        next = LogCursor(
            file: newerName.description, id: newer.id, offset: 0, timeMilliseconds: result.timeMilliseconds)
        return LogPiece(lines: result.lines, next: next, isEnd: false, isGap: isGap)
    }

    /// Whether the scan ended before a line that is not whole yet.
    private func scanStopped(_ result: LineScan.Result, _ bytes: [UInt8], _ takesRest: Bool) -> Bool {
        !takesRest && bytes.count - result.consumed < LineScan.lineBytesMax
            && !bytes[result.consumed...].contains(UInt8(ascii: "\n"))
    }

    /// The file that was begun when this one was set aside.
    private func newer(than name: LogFileName, _ file: OpenLogFile) -> (LogFileName, OpenLogFile)? {
        // It may have another name by now.
        guard let (now, _) = folder.open(name, id: file.id), now.rotation > 0 else { return nil }
        let newer = folder.files(name.topologyID).files.first {
            $0.port == name.port && $0.stream == name.stream && $0.rotation < now.rotation
        }
        guard let newer, let opened = folder.open(name.rotated(newer.rotation)) else { return nil }
        return (name.rotated(newer.rotation), opened)
    }

    // MARK: Backwards

    private func backward(_ request: Request, _ name: LogFileName, _ file: OpenLogFile, _ scan: LineScan) -> LogPiece {
        let top = endOfLines(request, file)
        var end = top
        let stop = max(0, end - request.bytesMax)
        var lines: [LogRecord] = []
        var answerBytes = 0
        var isOlder = false
        repeat {
            let (result, start) = block(file, before: end, scan)
            lines = result.lines + lines
            answerBytes += result.lines.reduce(0) { $0 + LineScan.answerBytes($1.message) }
            end = start
            // What is before is older than what is wanted.
            if let since = request.filter.sinceMilliseconds, let first = result.firstMilliseconds {
                isOlder = first < since
            }
        } while end > stop && !isOlder && answerBytes < LineScan.answerBytesMax && scan.mayGoOn()
        let behind = LogCursor(
            file: name.description, id: file.id, offset: top, timeMilliseconds: lines.last?.timeMilliseconds)
        return LogPiece(lines: lines, next: isOlder ? nil : before(name, file, end), end: behind, isEnd: false)
    }

    /// Behind the last whole line, unless what follows it counts as one.
    private func endOfLines(_ request: Request, _ file: OpenLogFile) -> Int {
        let end = min(request.offset ?? Int.max, file.bytes)
        if request.takesRest { return end }
        let start = max(0, end - LineScan.lineBytesMax)
        let bytes = file.read(from: start, count: end - start)
        guard let last = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return start > 0 ? end : 0 }
        return start + last + 1
    }

    /// The lines of one block, and where the first of them starts.
    private func block(_ file: OpenLogFile, before end: Int, _ scan: LineScan) -> (LineScan.Result, start: Int) {
        var start = max(0, end - LineScan.lineBytesMax)
        var bytes = file.read(from: start, count: end - start)
        // It begins with a whole line; a line that fills all of it is taken as it is.
        if start > 0, let cut = bytes.firstIndex(of: UInt8(ascii: "\n")).map({ $0 + 1 }), cut < bytes.count {
            bytes.removeFirst(cut)
            start += cut
        }
        return (scan.whole().run(bytes, takesRest: true, before: nil), start)
    }

    private func before(_ name: LogFileName, _ file: OpenLogFile, _ start: Int) -> LogCursor? {
        if start > 0 { return LogCursor(file: name.description, id: file.id, offset: start) }
        let older = folder.files(name.topologyID).files.last {
            $0.port == name.port && $0.stream == name.stream && $0.rotation > name.rotation
        }
        return older.map { LogCursor(file: $0.file, id: $0.id, offset: $0.bytes) }
    }
}
