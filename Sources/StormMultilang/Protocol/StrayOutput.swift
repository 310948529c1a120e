import StormWire

/// What a child printed between its messages: `print` writes where the protocol does.
struct StrayOutput: Equatable, CustomStringConvertible {
    /// The first of the lines, for people.
    let firstLine: String
    let lineCount: Int

    var description: String { lineCount > 1 ? "'\(firstLine)' (and \(lineCount - 1) more)" : "'\(firstLine)'" }

    func adding(_ later: StrayOutput) -> StrayOutput {
        StrayOutput(firstLine: firstLine, lineCount: lineCount + later.lineCount)
    }

    /// The last line that begins with a brace: the message, if what is before it was printed and has a brace, too.
    /// - Returns: nil: there is none, or nothing is before it.
    static func messageStart(_ text: UnsafeRawBufferPointer) -> Int? {
        var line = text.count
        while let newline = text[..<line].lastIndex(of: 0x0A) {
            if newline + 1 < text.count, text[newline + 1] == UInt8(ascii: "{") { return newline + 1 }
            line = newline
        }
        return nil
    }

    /// The first line, for people: bounded, and without control characters.
    static func excerpt(_ text: some Collection<UInt8>) -> String {
        let line = text.drop { $0 == 0x0A || $0 == 0x0D }.prefix { $0 != 0x0A }
        let shown = String(decoding: line.prefix(200), as: UTF8.self)
        let clean = String(shown.map { $0.isASCII && ($0.asciiValue ?? 32) < 32 ? "?" : $0 })
        return line.count > 200 ? clean + "…" : clean
    }
}
