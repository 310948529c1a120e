import StormCore

/// Goes through a run of bytes of a log file line by line. Pure, but for its deadline.
struct LineScan {
    let stream: LogStream
    let filter: LogFilter
    let pattern: LinePattern?
    /// What lines have that say nothing of their own.
    let fileTimeMilliseconds: Int64
    /// Ends a scan early, so that no search holds its machine up for long.
    var mayGoOn: () -> Bool = { true }

    /// An answer gets no longer than this, about.
    static let answerBytesMax = 1 << 20
    /// A longer line is taken as several.
    static let lineBytesMax = 64 << 10

    /// About what a line takes in an answer.
    static func answerBytes(_ line: String) -> Int { line.utf8.count + 200 }

    /// The same without an early end, for a few bytes.
    func whole() -> LineScan {
        var copy = self
        copy.mayGoOn = { true }
        return copy
    }

    struct Result {
        var lines: [LogRecord] = []
        /// Bytes that are done.
        var consumed = 0
        /// The time of the first line, wanted or not.
        var firstMilliseconds: Int64?
        /// The time of the last line.
        var timeMilliseconds: Int64?
    }

    /// - Parameters:
    ///   - bytes: from the start of a line on.
    ///   - takesRest: whether bytes behind the last line end are a line, too.
    ///   - before: the time of the line before, if known.
    func run(_ bytes: [UInt8], takesRest: Bool, before: Int64?) -> Result {
        var result = Result(timeMilliseconds: before)
        var former: LogRecord?
        var answerBytes = 0
        var count = 0
        while result.consumed < bytes.count, answerBytes < Self.answerBytesMax {
            count += 1
            // To search one line may take long; the first one is always looked at, so that there is a way forward.
            if count % 256 == 0 || pattern != nil && count > 1, !mayGoOn() { break }
            let start = result.consumed
            let limit = min(bytes.count, start + Self.lineBytesMax)
            let end: Int
            if let found = bytes[start..<limit].firstIndex(of: UInt8(ascii: "\n")) {
                end = found
                result.consumed = found + 1
            } else if limit < bytes.count || limit - start == Self.lineBytesMax || takesRest {
                end = limit
                result.consumed = limit
            } else {
                break
            }
            let line = String(decoding: bytes[start..<end], as: UTF8.self)
            let record = record(line, former, before: result.timeMilliseconds)
            former = record
            result.firstMilliseconds = result.firstMilliseconds ?? record.timeMilliseconds
            result.timeMilliseconds = record.timeMilliseconds
            guard filter.wants(record), pattern?.matches(line) ?? true else { continue }
            answerBytes += Self.answerBytes(line)
            result.lines.append(record)
        }
        return result
    }

    private func record(_ line: String, _ former: LogRecord?, before: Int64?) -> LogRecord {
        switch stream {
        case .log:
            if let record = LogLineParser.parse(line) { return record }
            return LogRecord(
                timeMilliseconds: before ?? fileTimeMilliseconds, level: former?.level ?? LogThreshold.info.rawValue,
                component: former?.component, task: former?.task, message: line)
        case .stdout:
            return LogRecord(timeMilliseconds: fileTimeMilliseconds, level: LogThreshold.info.rawValue, message: line)
        case .stderr:
            return LogRecord(timeMilliseconds: fileTimeMilliseconds, level: LogThreshold.error.rawValue, message: line)
        }
    }
}
