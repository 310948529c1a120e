import Storm

/// Cuts a line into words. A word is told apart from all others by its line and its place there.
final class Split: BasicBolt {
    static let outputs: Outputs = ["word", "line", "position"]

    /// The line in lower case; kept to use its memory again.
    private var text: [UInt8] = []

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws {
        let line = tuple.int(1)
        text.removeAll(keepingCapacity: true)
        tuple.withBytes(0) { bytes in text.append(contentsOf: bytes.lazy.map { isLetter($0) ? $0 | 0x20 : $0 }) }
        text.withUnsafeBufferPointer { text in
            forEachWord(text) { range in
                out.emit(UTF8Slice(UnsafeBufferPointer(rebasing: text[range])), line, range.lowerBound)
            }
        }
    }
}

/// Calls `body` with each run of ASCII letters, from left to right.
func forEachWord(_ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
    var index = 0
    while index < text.count {
        let start = index
        while index < text.count, isLetter(text[index]) { index += 1 }
        if index > start { body(start..<index) } else { index += 1 }
    }
}
