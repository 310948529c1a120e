import Glibc

/// Reads a file in lines, from any offset on, with one buffer.
///
/// A line ends at a newline; one that is longer than 64 KiB is cut where no word is. Where a line ends depends only on
/// where it starts, so a line can be read a second time by its offset alone.
final class LineReader {
    static let lineBytesMax = 64 << 10
    /// A longer word is refused.
    static let wordBytesMax = 8 << 20

    let path: String
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 2 * lineBytesMax)
    /// Offset in the file of the buffer's first byte.
    private var base = 0
    private var cursor = 0
    private var filled = 0
    private var isAtEnd = false

    init(_ path: String, offset: Int = 0) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("cannot read", path) }
        base = offset
    }

    deinit { close(descriptor) }

    /// - Throws: an error that names the file unless it can be read.
    static func check(_ path: String) throws {
        var byte: UInt8 = 0
        let reader = try LineReader(path)
        guard read(reader.descriptor, &byte, 1) >= 0 else { throw FileError("cannot read", path) }
    }

    /// Where the next line starts.
    var offset: Int { base + cursor }

    /// Goes to another line; cheap when it is in the buffer.
    func seek(to offset: Int) {
        if offset >= base && offset <= base + filled {
            cursor = offset - base
        } else {
            (base, cursor, filled, isAtEnd) = (offset, 0, 0, false)
        }
    }

    /// Calls `body` with the next line, without its newline. - Returns: nil at the end of the file.
    func next<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) throws -> R? {
        while true {
            if let (count, skipped) = lineEnd() {
                defer { cursor += count + skipped }
                return buffer.withUnsafeBufferPointer {
                    body(UnsafeBufferPointer(rebasing: $0[cursor..<cursor + count]))
                }
            }
            if isAtEnd { return nil }
            try fill()
        }
    }

    /// - Returns: bytes of the line, and of the newline; nil when the buffer does not hold its end.
    private func lineEnd() -> (count: Int, skipped: Int)? {
        buffer.withUnsafeBufferPointer { all in
            let text = UnsafeBufferPointer(rebasing: all[cursor..<filled])
            let head = UnsafeBufferPointer(rebasing: text.prefix(Self.lineBytesMax))
            if let base = head.baseAddress, let newline = memchr(base, 10, head.count) {
                return (UnsafeRawPointer(newline) - UnsafeRawPointer(base), 1)
            }
            if text.count >= Self.lineBytesMax {
                if let gap = head.lastIndex(where: { !isLetter($0) }) { return (gap + 1, 0) }
                if let gap = text[Self.lineBytesMax...].firstIndex(where: { !isLetter($0) }) { return (gap, 0) }
            }
            return isAtEnd && !text.isEmpty ? (text.count, 0) : nil
        }
    }

    /// Makes room and reads on.
    private func fill() throws {
        if cursor > 0 {
            _ = buffer.withUnsafeMutableBytes { memmove($0.baseAddress!, $0.baseAddress! + cursor, filled - cursor) }
            (base, filled, cursor) = (base + cursor, filled - cursor, 0)
        }
        if filled == buffer.count {
            guard filled < Self.wordBytesMax else {
                throw FileError("'\(path)' has a word of more than \(Self.wordBytesMax) bytes at offset \(base)")
            }
            buffer += [UInt8](repeating: 0, count: buffer.count)
        }
        let count = buffer.withUnsafeMutableBytes {
            pread(descriptor, $0.baseAddress! + filled, $0.count - filled, base + filled)
        }
        if count < 0 && errno == EINTR { return }
        guard count >= 0 else { throw FileError("cannot read", path) }
        isAtEnd = count == 0
        filled += count
    }
}

func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
