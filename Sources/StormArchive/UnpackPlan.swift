/// What is to be unpacked of an archive, and where to. Pure: every rule of safety is here, before the first byte is
/// written.
///
/// As with Storm the entries below a folder are unpacked without that folder's name; all others are left alone.
package struct UnpackPlan: Sendable {
    package struct Limits: Hashable, Sendable {
        package var entriesMax: Int
        package var bytesMax: Int64

        package init(entriesMax: Int = 100_000, bytesMax: Int64 = 4 << 30) {
            self.entriesMax = entriesMax
            self.bytesMax = bytesMax
        }
    }

    package struct File: Hashable, Sendable {
        /// Relative, its parts joined by single slashes.
        package let path: String
        package let entry: ZipEntry
    }

    /// Parents before what is in them.
    package private(set) var folders: [String] = []
    package private(set) var files: [File] = []
    /// Symbolic links; nothing else that is unpacked lies behind one of them.
    package private(set) var links: [File] = []
    package private(set) var sizeBytes: Int64 = 0

    private enum Taken {
        case folder
        case file(ZipEntry)
    }

    /// - Parameters:
    ///   - folder: what the wanted names begin with, without a slash at its end; empty: everything.
    ///   - takesLinks: whether symbolic links may be in it.
    /// - Throws: the first entry that is not harmless: a name that leads out of the folder or is there twice with
    ///   different contents, a link, what is encrypted, and what is more than the limits allow.
    package init(
        _ entries: [ZipEntry], below folder: String, limits: Limits, takesLinks: Bool = false
    ) throws(ArchiveError) {
        var taken: [String: Taken] = [:]
        let start = folder.isEmpty ? "" : folder + "/"
        // By bytes, as the file system does: a slash and a combining mark after it are one `Character`.
        for entry in entries where entry.name.utf8.starts(with: start.utf8) {
            guard taken.count <= limits.entriesMax else {
                throw ArchiveError("more than \(limits.entriesMax) files and folders are in it")
            }
            guard entry.kind != .special, entry.kind != .link || takesLinks else {
                throw ArchiveError("'\(entry.name)' is a link or a device; only files and folders are unpacked")
            }
            guard !entry.isEncrypted else { throw ArchiveError("'\(entry.name)' is encrypted") }
            let parts = try Self.parts(entry, below: folder)
            if parts.isEmpty { continue }
            try addFolders(parts.dropLast(), entry, &taken)
            let path = parts.joined(separator: "/")
            if entry.kind == .folder {
                try addFolders(parts[...], entry, &taken)
                continue
            }
            if let before = taken.updateValue(.file(entry), forKey: path) {
                // Petrel packs a script once for each component that uses it.
                guard case .file(let same) = before, same.crc32 == entry.crc32, same.sizeBytes == entry.sizeBytes else {
                    throw ArchiveError("'\(entry.name)' is in it twice")
                }
                continue
            }
            if entry.kind == .link {
                links.append(File(path: path, entry: entry))
            } else {
                files.append(File(path: path, entry: entry))
            }
            sizeBytes += entry.sizeBytes
            guard sizeBytes <= limits.bytesMax else {
                throw ArchiveError("it unpacks to more than \(limits.bytesMax) bytes")
            }
        }
    }

    private mutating func addFolders(
        _ parts: ArraySlice<String>, _ entry: ZipEntry, _ taken: inout [String: Taken]
    ) throws(ArchiveError) {
        for count in 0..<parts.count {
            let path = parts.prefix(count + 1).joined(separator: "/")
            switch taken[path] {
            case .file: throw ArchiveError("'\(entry.name)' needs a folder '\(path)', which is a file in it")
            case .folder: break
            case nil:
                taken[path] = .folder
                folders.append(path)
            }
        }
    }

    /// The parts of an entry's name below the folder.
    private static func parts(_ entry: ZipEntry, below folder: String) throws(ArchiveError) -> [String] {
        let rest = entry.name.utf8.dropFirst(folder.isEmpty ? 0 : folder.utf8.count + 1)
        var parts = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if parts.last == "" { parts.removeLast() }
        guard parts.count <= 64, rest.count <= 2048 else {
            throw ArchiveError("the name '\(entry.name.prefix(100))…' in it is too long")
        }
        for part in parts {
            let isHarmless =
                !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 255
                && !part.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "\\") || $0 == 0x7f }
            guard isHarmless else {
                throw ArchiveError("the name '\(entry.name)' in it does not lead to a place below '\(folder)'")
            }
        }
        return parts
    }
}
