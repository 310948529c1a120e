internal import CStormSystem
internal import Glibc

/// Small whole reads of files, /proc above all.
package enum SystemFile {
    /// The file's bytes, at most `bytesMax`; `nil` if it cannot be opened or read.
    package static func read(_ path: String, bytesMax: Int = 1 << 16) -> [UInt8]? {
        let descriptor = storm_open(path, 0, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return readAll(descriptor, bytesMax: bytesMax)
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The last lines of a text file: at most `lines` of them out of its last `bytesMax` bytes, none from before
    /// `fromByte`; empty if there is no such file.
    package static func lastLines(
        _ path: String, lines: Int = 20, bytesMax: Int = 8192,
        fromByte: Int = 0
    ) -> [String] {
        let descriptor = storm_open(path, 0, 0)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { return [] }
        let start = max(min(fromByte, Int(size)), Int(size) - bytesMax)
        guard lseek(descriptor, start, SEEK_SET) >= 0 else { return [] }
        guard let bytes = readAll(descriptor, bytesMax: bytesMax) else { return [] }
        var all = splitLines(bytes)
        // The first one is only the end of a line when the read began in the middle of the file.
        if start > fromByte, all.count > 1 { all.removeFirst() }
        return all.suffix(lines)
    }

    /// Text lines without their ends; no empty line at the end. Ill-formed UTF-8 is repaired.
    package static func splitLines(_ bytes: [UInt8]) -> [String] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func readAll(_ descriptor: Int32, bytesMax: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(bytesMax, 4096))
        while bytes.count < bytesMax {
            let got = Glibc.read(descriptor, &chunk, min(chunk.count, bytesMax - bytes.count))
            if got == 0 { break }
            if got < 0 {
                if errno == EINTR { continue }
                return nil
            }
            bytes.append(contentsOf: chunk[0..<got])
        }
        return bytes
    }
}
