/// What a child writes to standard error, as lines for the log; the last ones are kept for whoever asks why it ended.
struct ErrorLines {
    private static let lineBytesMax = 4096
    private static let keptMax = 10
    private static let keptCharactersMax = 500

    private var rest: [UInt8] = []
    private(set) var last: [String] = []

    /// - Parameter body: called with each whole line.
    mutating func append(_ bytes: [UInt8], _ body: (String) -> Void) {
        for byte in bytes {
            if byte == 0x0A {
                end(body)
            } else {
                rest.append(byte)
                // A line without an end is cut.
                if rest.count >= Self.lineBytesMax { end(body) }
            }
        }
    }

    /// The child is gone: what is left is a line too.
    mutating func end(_ body: (String) -> Void) {
        guard !rest.isEmpty else { return }
        let line = String(decoding: rest, as: UTF8.self)
        rest.removeAll(keepingCapacity: true)
        last.append(String(line.prefix(Self.keptCharactersMax)))
        if last.count > Self.keptMax { last.removeFirst() }
        body(line)
    }
}
