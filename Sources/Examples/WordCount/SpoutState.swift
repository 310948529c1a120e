/// What a spout task has to know after a restart: where the first line is that was not acked.
///
/// One line of text: `wordcount-lines 1 <line> <file> <offset> <reading|finished>`.
struct SpoutState: Equatable {
    var line = 0
    var position = LinePosition(file: 0, offset: 0)
    /// The report was written with all of this task's lines.
    var isFinished = false

    static func load(_ path: String) throws -> SpoutState? {
        guard let bytes = try TextFile.read(path) else { return nil }
        guard let state = SpoutState(text: String(decoding: bytes, as: UTF8.self)) else {
            throw FileError("'\(path)' is not a state file of this program")
        }
        return state
    }

    func save(_ path: String) throws { try TextFile.replace(path, with: Array(text.utf8)) }

    var text: String {
        "wordcount-lines 1 \(line) \(position.file) \(position.offset) \(isFinished ? "finished" : "reading")\n"
    }

    init() {}

    init?(text: String) {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard text.hasSuffix("\n"), words.count == 6, words[0] == "wordcount-lines", words[1] == "1",
            let line = Int(words[2]), let file = Int(words[3]), let offset = Int(words[4]),
            line >= 0, file >= 0, offset >= 0, words[5] == "finished" || words[5] == "reading"
        else { return nil }
        self.line = line
        position = LinePosition(file: file, offset: offset)
        isFinished = words[5] == "finished"
    }
}
