import Glibc

/// Cuts what a child writes into messages. A value without I/O; messages are bounded, whatever a child writes.
struct MessageAssembler {
    let serializer: Serializer
    let messageBytesMax: Int
    private(set) var bytes: [UInt8] = []
    /// Where the next message starts.
    private var start = 0
    /// Up to where it was looked for its end. JSON: a line starts here. MessagePack: a value starts here.
    private var scanned = 0
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
            start = 0
        }
        if bytes.isEmpty { bytes = chunk } else { bytes.append(contentsOf: chunk) }
    }

    mutating func removeAll() { self = MessageAssembler(serializer, messageBytesMax: messageBytesMax) }

    /// What came and is no whole message yet.
    var rest: ArraySlice<UInt8> { bytes[start...] }

    /// The next whole message; nil: more bytes are needed. Its bytes stay in place until `append`.
    mutating func next() throws(MultilangError) -> Range<Int>? {
        let range =
            switch serializer {
            case .json: nextLines()
            case .messagePack: try nextValue()
            }
        let count = range?.count ?? (bytes.count - start)
        guard count <= messageBytesMax else {
            throw MultilangError("a message is longer than \(messageBytesMax) bytes")
        }
        return range
    }

    /// Up to a line that says `end`.
    private mutating func nextLines() -> Range<Int>? {
        bytes.withUnsafeBytes { all -> Range<Int>? in
            guard let base = all.baseAddress else { return nil }
            while scanned < all.count {
                guard let found = memchr(base + scanned, 0x0A, all.count - scanned) else { return nil }
                let newline = UnsafeRawPointer(found) - base
                let line = scanned
                scanned = newline + 1
                // With Windows' line ends, too: some children's print does that.
                let length = newline > line && all[newline - 1] == 0x0D ? newline - line - 1 : newline - line
                if length == 3, memcmp(base + line, "end", 3) == 0 {
                    defer { start = scanned }
                    return start..<max(start, line - 1)
                }
            }
            return nil
        }
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
