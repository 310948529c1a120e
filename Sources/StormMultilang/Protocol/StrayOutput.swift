import StormWire

/// What a child printed between its messages: `print` writes where the protocol does.
enum StrayOutput {
    /// Lines at the start of a message that cannot be part of it: the message starts at the first line with a brace.
    /// - Returns: the position of that line; nil: there is none, or nothing is before it.
    static func messageStart(_ text: UnsafeRawBufferPointer) -> Int? {
        var line = 0
        while line < text.count {
            if text[line] == UInt8(ascii: "{") { return line > 0 ? line : nil }
            guard let newline = text[line...].firstIndex(of: 0x0A) else { return nil }
            line = newline + 1
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
