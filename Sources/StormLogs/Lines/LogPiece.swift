/// Where to go on reading a worker's lines of one stream.
package struct LogCursor: Codable, Hashable, Sendable {
    package var file: String
    /// Of the file; it is found under its new name when it is rotated. Nil: whatever has the name.
    package var id: String?
    package var offset: Int
    /// The time of the line before, for lines that have none. Nil: not known.
    package var timeMilliseconds: Int64?

    package init(file: String, id: String? = nil, offset: Int, timeMilliseconds: Int64? = nil) {
        self.file = file
        self.id = id
        self.offset = offset
        self.timeMilliseconds = timeMilliseconds
    }

    enum CodingKeys: String, CodingKey {
        case file, id, offset
        case timeMilliseconds = "time_ms"
    }
}

/// The page `/log?file=…`: a bounded piece of a log file.
package struct LogPiece: Codable, Hashable, Sendable {
    /// In the order of the file, those that the filter wants.
    package var lines: [LogRecord]
    /// Where to go on: behind these lines, or before them when read backwards, in the next file where this one is done.
    /// Nil: backwards there is nothing more.
    package var next: LogCursor?
    /// Read backwards: where to go on forwards, behind these lines.
    package var end: LogCursor?
    /// There is nothing more for now.
    package var isEnd: Bool
    /// The file that was asked for is gone; these lines are from the oldest one that is there.
    package var isGap: Bool

    package init(lines: [LogRecord], next: LogCursor?, end: LogCursor? = nil, isEnd: Bool, isGap: Bool = false) {
        self.lines = lines
        self.next = next
        self.end = end
        self.isEnd = isEnd
        self.isGap = isGap
    }

    enum CodingKeys: String, CodingKey {
        case lines, next, end
        case isEnd = "is_end"
        case isGap = "is_gap"
    }
}
