/// The last bytes of a stream, bounded.
package struct TailBuffer: Sendable {
    package let bytesMax: Int
    private var bytes: [UInt8] = []
    /// How many bytes were written in all; the first `written - contents.count` of them are gone.
    package private(set) var bytesWritten = 0

    package init(bytesMax: Int) {
        self.bytesMax = max(0, bytesMax)
    }

    package mutating func append(_ chunk: some Collection<UInt8>) {
        bytesWritten += chunk.count
        bytes.append(contentsOf: chunk)
        // Cut rarely: at twice the size, so that the cost per byte stays constant.
        if bytes.count > 2 * bytesMax { bytes.removeFirst(bytes.count - bytesMax) }
    }

    package var contents: [UInt8] { Array(bytes.suffix(bytesMax)) }
    package var text: String { String(decoding: bytes.suffix(bytesMax), as: UTF8.self) }
    package var lines: [String] { SystemFile.splitLines(contents) }
}
