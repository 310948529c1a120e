import Glibc

/// Cuts what a child writes into messages. A value without I/O; messages are bounded, whatever a child writes.
struct MessageAssembler {
    let serializer: Serializer
    let messageBytesMax: Int
    /// JSON: most bytes in lines that are no message, between two messages.
    static let strayBytesMax = 1 << 20
    private(set) var bytes: [UInt8] = []
    /// Where the next message starts.
    private var start = 0
    /// Up to where it was looked for its end. JSON: a line starts here. MessagePack: a value starts here. Channel: the
    /// frame that `next` gave last ends here; it stays until the next call.
    private var scanned = 0
    /// JSON: up to where a line's end was looked for.
    private var searched = 0
    private var strayBytes = 0
    private var stray: StrayOutput?
    /// MessagePack: values that the message still needs.
    private var missing = 1

    init(_ serializer: Serializer, messageBytesMax: Int) {
        self.serializer = serializer
        self.messageBytesMax = messageBytesMax
    }

    mutating func append(_ chunk: [UInt8]) {
        if start > 0 {
            bytes.removeFirst(start)
            scanned -= start
            searched = max(0, searched - start)
            start = 0
        }
        if bytes.isEmpty { bytes = chunk } else { bytes.append(contentsOf: chunk) }
    }

    mutating func removeAll() { self = MessageAssembler(serializer, messageBytesMax: messageBytesMax) }

    /// What came and is no whole message yet.
    var rest: ArraySlice<UInt8> { bytes[start...] }

    /// Where the frame starts that `next` gave last, after any `append`.
    var frameStart: Int { start }

    /// The next whole message, or frame; nil: more bytes are needed. A message's bytes stay in place until `append`.
    mutating func next() throws(MultilangError) -> Range<Int>? {
        let range =
            switch serializer {
            case .json: try nextLines()
            case .messagePack: try nextValue()
            case .channel: try nextFrame()
            }
        let count = range?.count ?? (bytes.count - start)
        guard count <= messageBytesMax else {
            throw MultilangError("a message is longer than \(messageBytesMax) bytes")
        }
        return range
    }

    /// Lines that were no message, since it was asked last.
    mutating func takeStray() -> StrayOutput? {
        defer { stray = nil }
        return stray
    }

    /// Up to a line that says `end`. A message is an object: lines before its brace are somebody's `print`.
    private mutating func nextLines() throws(MultilangError) -> Range<Int>? {
        while let newline = nextNewline() {
            let line = scanned
            scanned = newline + 1
            // With Windows' line ends, too: some children's print does that.
            let end = newline > line && bytes[newline - 1] == 0x0D ? newline - 1 : newline
            if end - line == 3, isEnd(line) {
                defer { start = scanned }
                strayBytes = 0
                return start..<max(start, line - 1)
            }
            if line == start, bytes[line] != UInt8(ascii: "{"), try isStray(line..<end) { start = scanned }
        }
        // A line without an end is not waited for.
        if scanned == start, bytes.count - start > Self.strayBytesMax { _ = try isStray(start..<bytes.count) }
        return nil
    }

    private func isEnd(_ line: Int) -> Bool {
        bytes[line] == UInt8(ascii: "e") && bytes[line + 1] == UInt8(ascii: "n") && bytes[line + 2] == UInt8(ascii: "d")
    }

    /// Where the line ends that is looked at; nil: its end has not come.
    private mutating func nextNewline() -> Int? {
        let from = max(searched, scanned)
        let found = bytes.withUnsafeBytes { all -> Int? in
            guard let base = all.baseAddress, from < all.count,
                let newline = memchr(base + from, 0x0A, all.count - from)
            else { return nil }
            return UnsafeRawPointer(newline) - base
        }
        searched = found.map { $0 + 1 } ?? bytes.count
        return found
    }

    /// Whether no message can begin with the line; it is noted then. An empty one is none, and nothing to speak of.
    private mutating func isStray(_ line: Range<Int>) throws(MultilangError) -> Bool {
        let first = bytes[line].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        guard first != UInt8(ascii: "{") else { return false }
        strayBytes += line.count + 1
        guard first != nil || strayBytes > Self.strayBytesMax else { return true }
        stray = StrayOutput(
            firstLine: stray?.firstLine ?? StrayOutput.excerpt(bytes[line]), lineCount: (stray?.lineCount ?? 0) + 1)
        guard strayBytes <= Self.strayBytesMax else {
            throw MultilangError("lines that are no message are longer than \(Self.strayBytesMax) bytes")
        }
        return true
    }

    /// A frame after its length: its kind and its content.
    private mutating func nextFrame() throws(MultilangError) -> Range<Int>? {
        start = scanned
        guard bytes.count - start >= FrameKind.headerBytes else { return nil }
        var length = 0
        for offset in (0..<4).reversed() { length = length << 8 | Int(bytes[start + offset]) }
        guard length >= 1, length <= messageBytesMax else {
            throw MultilangError("a frame has \(length) bytes, 1 to \(messageBytesMax) are allowed")
        }
        guard bytes.count - start >= length + 4 else { return nil }
        scanned = start + 4 + length
        return (start + 4)..<scanned
    }

    /// One value with all that is in it.
    private mutating func nextValue() throws(MultilangError) -> Range<Int>? {
        while missing > 0 {
            guard let (inner, end) = try Self.step(bytes, scanned) else { return nil }
            missing += inner - 1
            scanned = end
        }
        missing = 1
        defer { start = scanned }
        return start..<scanned
    }

    /// Steps over one value, without what is in it if it is a list or a map.
    /// - Returns: how many values are in it, and where it ends; nil: it is not all there.
    private static func step(_ bytes: [UInt8], _ position: Int) throws(MultilangError) -> (inner: Int, end: Int)? {
        guard position < bytes.count else { return nil }
        let first = bytes[position]
        func length(_ count: Int) -> Int? {
            guard bytes.count - position > count else { return nil }
            return bytes[(position + 1)...(position + count)].reduce(0) { $0 << 8 | Int($1) }
        }
        var inner = 0
        var end = position + 1
        switch first {
        case 0x00...0x7F, 0xC0, 0xC2, 0xC3, 0xE0...0xFF: break
        case 0x80...0x8F: inner = 2 * Int(first & 0x0F)
        case 0x90...0x9F: inner = Int(first & 0x0F)
        case 0xA0...0xBF: end += Int(first & 0x1F)
        case 0xCA: end += 4
        case 0xCB: end += 8
        case 0xCC...0xCF: end += 1 << Int(first - 0xCC)
        case 0xD0...0xD3: end += 1 << Int(first - 0xD0)
        case 0xC4...0xC6, 0xD9...0xDB:
            let size = 1 << Int(first >= 0xD9 ? first - 0xD9 : first - 0xC4)
            guard let count = length(size) else { return nil }
            end += size + count
        case 0xDC...0xDF:
            let size = 2 << Int(first & 1)
            guard let count = length(size) else { return nil }
            end += size
            inner = first >= 0xDE ? 2 * count : count
        default: throw MultilangError("there is no MessagePack value that starts with byte \(first)")
        }
        return end <= bytes.count ? (inner, end) : nil
    }
}
