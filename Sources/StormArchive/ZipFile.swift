internal import Glibc

/// A zip archive that is open for reading. Nothing in it is believed: lengths, places and checksums are compared with what
/// is there. One thread at a time; calls block for the disk.
package final class ZipFile {
    /// In the order of the directory.
    package let entries: [ZipEntry]
    let path: String
    private let descriptor: Int32
    private let fileBytes: Int64

    /// Largest directory that is read.
    private static let directoryBytesMax = 64 << 20

    /// Whether a file that begins with these bytes says that it is a zip file.
    package static func isZip(_ start: some Collection<UInt8>) -> Bool {
        start.starts(with: [0x50, 0x4b, 3, 4]) || start.starts(with: [0x50, 0x4b, 5, 6])
    }

    /// Opens a file and reads its directory.
    package init(_ path: String) throws(ArchiveError) {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw ArchiveError("\(path) cannot be opened: \(Self.reason(errno))") }
        do throws(ArchiveError) {
            var status = stat()
            guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw ArchiveError("\(path) is not a file")
            }
            let size = Int64(status.st_size)
            let tailBytes = Int(min(size, Int64(ZipDirectory.searchBytes)))
            let tail = try Self.read(opened, path, at: size - Int64(tailBytes), tailBytes)
            let end = try ZipDirectory.end(tail, fileBytes: size)
            guard end.sizeBytes <= Self.directoryBytesMax else {
                throw ArchiveError("its directory has \(end.sizeBytes) bytes; \(Self.directoryBytesMax) are read")
            }
            entries = try ZipDirectory.entries(
                try Self.read(opened, path, at: end.offset, end.sizeBytes), count: end.entryCount)
            fileBytes = size
        } catch {
            close(opened)
            throw error
        }
        descriptor = opened
        self.path = path
    }

    deinit { close(descriptor) }

    /// The first entry of that name.
    package subscript(name: String) -> ZipEntry? { entries.first { $0.name == name } }

    /// The whole content of a small entry.
    package func read(_ entry: ZipEntry, bytesMax: Int) throws(ArchiveError) -> [UInt8] {
        guard entry.sizeBytes <= Int64(bytesMax) else {
            throw ArchiveError("'\(entry.name)' has \(entry.sizeBytes) bytes; at most \(bytesMax) are expected")
        }
        var content: [UInt8] = []
        try unpack(entry) { (bytes: UnsafeBufferPointer<UInt8>) throws(ArchiveError) in content += bytes }
        return content
    }

    /// Gives the content in pieces of at most 64 KiB, never more than the entry's size, and checks it at the end.
    func unpack(
        _ entry: ZipEntry, _ take: (UnsafeBufferPointer<UInt8>) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        guard !entry.isEncrypted else { throw ArchiveError("'\(entry.name)' is encrypted") }
        let content = try CheckedContent(entry)
        var at = try dataOffset(entry)
        var left = entry.packedBytes
        guard at + left <= fileBytes else { throw ArchiveError("'\(entry.name)' ends behind the end of the file") }
        while left > 0 {
            let piece = try Self.read(descriptor, path, at: at, Int(min(left, 1 << 16)))
            at += Int64(piece.count)
            left -= Int64(piece.count)
            try content.add(piece, take)
        }
        try content.finish()
    }

    /// Where the data begins: behind a header of the entry's own, which must tell the same name as the directory does.
    private func dataOffset(_ entry: ZipEntry) throws(ArchiveError) -> Int64 {
        let damaged = ArchiveError("'\(entry.name)' has no header where the directory says")
        guard entry.headerOffset + 30 <= fileBytes else { throw damaged }
        let header = try Self.read(descriptor, path, at: entry.headerOffset, 30)
        guard header.u32(0) == 0x0403_4b50 else { throw damaged }
        let nameBytes = Int(header.u16(26))
        let nameOffset = entry.headerOffset + 30
        guard nameOffset + Int64(nameBytes) <= fileBytes else { throw damaged }
        guard try Self.read(descriptor, path, at: nameOffset, nameBytes) == Array(entry.name.utf8) else {
            throw ArchiveError("'\(entry.name)' has another name in its own header")
        }
        return nameOffset + Int64(nameBytes) + Int64(header.u16(28))
    }

    private static func read(
        _ descriptor: Int32, _ path: String, at offset: Int64, _ count: Int
    ) throws(ArchiveError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + done, count - done, off_t(offset) + off_t(done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw ArchiveError("\(path) cannot be read: \(reason(errno))") }
            guard got > 0 else { throw ArchiveError("\(path) became shorter while it was read") }
            done += got
        }
        return bytes
    }

    static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
