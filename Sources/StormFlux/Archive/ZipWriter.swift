/// Writes a zip file into memory: entries stored as they are, with Unix permissions, all of one date so that equal
/// files give equal archives. Without the extensions for large files: at most 65534 entries (65535 means that the number
/// is in an extension) and 2 GiB.
package struct ZipWriter {
    package static let entriesMax = 65_534
    package static let bytesMax = 1 << 31

    private var content: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    package init() {}

    package struct TooLarge: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - name: with `/` between folders; UTF-8.
    ///   - permissions: the low twelve bits of the file's mode.
    /// - Throws: `TooLarge`.
    package mutating func add(_ name: String, _ bytes: [UInt8], permissions: UInt32 = 0o644) throws(TooLarge) {
        guard count < Self.entriesMax else {
            throw TooLarge(description: "more than \(Self.entriesMax) files")
        }
        guard content.count + bytes.count + 128 + name.utf8.count * 2 < Self.bytesMax else {
            throw TooLarge(description: "more than \(Self.bytesMax >> 20) MiB")
        }
        count += 1
        let offset = UInt32(content.count)
        let sizeBytes = UInt32(bytes.count)
        // Version that reads it, flags (names are UTF-8), stored, time and date (1980-01-01); no extra field.
        var common: [UInt8] = []
        for value in [20, 0x0800, 0, 0, 0x21] as [UInt16] { common += Self.two(value) }
        for value in [CRC32.checksum(bytes), sizeBytes, sizeBytes] { common += Self.four(value) }
        for value in [UInt16(name.utf8.count), 0] { common += Self.two(value) }
        content += Self.four(0x0403_4B50)
        content += common
        content += name.utf8
        content += bytes
        // Made on Unix; no comment, first disk, no internal attributes; a regular file with its permissions.
        directory += Self.four(0x0201_4B50)
        directory += Self.two(0x0314)
        directory += common
        directory += [UInt8](repeating: 0, count: 6)
        directory += Self.four((0o100000 | permissions & 0o7777) << 16)
        directory += Self.four(offset)
        directory += name.utf8
    }

    /// The whole file.
    package func finished() -> [UInt8] {
        var bytes = content
        bytes += directory
        bytes += Self.four(0x0605_4B50)
        for value in [0, 0, UInt16(count), UInt16(count)] as [UInt16] { bytes += Self.two(value) }
        for value in [UInt32(directory.count), UInt32(content.count)] { bytes += Self.four(value) }
        bytes += Self.two(0)
        return bytes
    }

    private static func two(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }

    private static func four(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
