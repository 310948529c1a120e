/// The directory at the end of a zip archive. Pure: bytes in, entries out.
///
/// Format: PKWARE's APPNOTE.TXT, sections 4.3 and 4.4, without multiple parts, encryption and zip64.
enum ZipDirectory {
    static let endBytes = 22
    /// As far from the file's end as its end record can begin: the comment is at most 65535 bytes long.
    static let searchBytes = endBytes + 65_535

    struct End: Hashable {
        let entryCount: Int
        let offset: Int64
        let sizeBytes: Int
    }

    /// Finds the end record in the file's last bytes.
    /// - Parameter fileBytes: length of the whole file.
    static func end(_ tail: [UInt8], fileBytes: Int64) throws(ArchiveError) -> End {
        var at = tail.count - endBytes
        while at >= 0 {
            // The record is the one whose comment ends with the file.
            if tail.u32(at) == 0x0605_4b50, at + endBytes + Int(tail.u16(at + 20)) == tail.count { break }
            at -= 1
        }
        guard at >= 0 else {
            throw ArchiveError("it has no directory at its end: it is not complete, or no zip file at all")
        }
        let (disk, count, size, offset) = (tail.u16(at + 4), tail.u16(at + 10), tail.u32(at + 12), tail.u32(at + 16))
        guard disk == 0, tail.u16(at + 6) == 0, tail.u16(at + 8) == count else {
            throw ArchiveError("it is one of several parts")
        }
        guard count != 0xffff, size != 0xffff_ffff, offset != 0xffff_ffff else {
            throw ArchiveError("it is a zip64 file: at most 65534 entries and 4 GiB are read")
        }
        let end = fileBytes - Int64(tail.count - at)
        guard Int64(offset) + Int64(size) <= end else { throw ArchiveError("its directory lies outside of the file") }
        return End(entryCount: Int(count), offset: Int64(offset), sizeBytes: Int(size))
    }

    static func entries(_ bytes: [UInt8], count: Int) throws(ArchiveError) -> [ZipEntry] {
        var entries: [ZipEntry] = []
        var at = 0
        for number in 0..<count {
            guard at + 46 <= bytes.count, bytes.u32(at) == 0x0201_4b50 else {
                throw ArchiveError("entry \(number + 1) of its directory is damaged")
            }
            let nameEnd = at + 46 + Int(bytes.u16(at + 28))
            let next = nameEnd + Int(bytes.u16(at + 30)) + Int(bytes.u16(at + 32))
            guard next <= bytes.count else {
                throw ArchiveError("entry \(number + 1) of its directory is longer than the directory")
            }
            entries.append(try entry(bytes, at, nameEnd: nameEnd))
            at = next
        }
        return entries
    }

    private static func entry(_ bytes: [UInt8], _ at: Int, nameEnd: Int) throws(ArchiveError) -> ZipEntry {
        let raw = bytes[at + 46..<nameEnd]
        guard let name = String(validating: raw, as: UTF8.self) else {
            throw ArchiveError("the name '\(String(decoding: raw, as: UTF8.self))' in it is not UTF-8")
        }
        let packed = bytes.u32(at + 20)
        let size = bytes.u32(at + 24)
        let offset = bytes.u32(at + 42)
        guard packed != 0xffff_ffff, size != 0xffff_ffff, offset != 0xffff_ffff else {
            throw ArchiveError("'\(name)' is a zip64 entry: at most 4 GiB are read")
        }
        // Only Unix and macOS write file modes here; 0 where a program did not care.
        let host = bytes.u16(at + 4) >> 8
        let mode = host == 3 || host == 19 ? bytes.u16(at + 40) : 0
        return ZipEntry(
            name: name, kind: kind(name, mode), method: method(bytes.u16(at + 10)),
            isEncrypted: bytes.u16(at + 8) & 1 != 0, crc32: bytes.u32(at + 16), packedBytes: Int64(packed),
            sizeBytes: Int64(size), isExecutable: mode & 0o111 != 0, headerOffset: Int64(offset))
    }

    private static func kind(_ name: String, _ mode: UInt16) -> ZipEntry.Kind {
        switch mode & 0o170000 {
        case 0: name.hasSuffix("/") ? .folder : .file
        case 0o100000: name.hasSuffix("/") ? .special : .file
        case 0o040000: .folder
        case 0o120000: name.hasSuffix("/") ? .special : .link
        default: .special
        }
    }

    private static func method(_ number: UInt16) -> ZipEntry.Method {
        switch number {
        case 0: .stored
        case 8: .deflated
        default: .unknown(number)
        }
    }
}
