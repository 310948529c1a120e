import Glibc

/// Recorded conversations, one file each: what a client of a port says from its first byte to its last. Kept in
/// `Tests/Corpus/KIND`; whatever once made a program stumble belongs there too.
package struct Corpus: Sendable {
    package struct Entry: Sendable {
        package let name: String
        package let bytes: [UInt8]
    }

    package let folder: String
    /// Sorted by name.
    package private(set) var entries: [Entry]

    /// - Parameter kind: the folder's name.
    package init(_ kind: String) throws {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        try self.init(folder: "/\(tests)/Corpus/\(kind)")
    }

    package init(folder: String) throws {
        self.folder = folder
        entries = try Self.names(folder).map { Entry(name: $0, bytes: try Self.read("\(folder)/\($0)")) }
    }

    package subscript(name: String) -> [UInt8]? { entries.first { $0.name == name }?.bytes }

    /// Adds a conversation that is not there yet, on the disk too when `STORM_RECORD_CORPUS` is set. One of the same name is
    /// never changed: what older programs say stays.
    /// - Returns: whether it is in the corpus now.
    package mutating func keep(_ name: String, _ bytes: [UInt8]) throws -> Bool {
        if self[name] != nil { return true }
        guard getenv("STORM_RECORD_CORPUS") != nil else { return false }
        mkdir(folder, 0o755)
        let descriptor = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_EXCL, 0o644)
        guard descriptor >= 0 else { throw CorpusError("\(folder)/\(name) cannot be written") }
        defer { close(descriptor) }
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw CorpusError("\(folder)/\(name) cannot be written")
        }
        entries.append(Entry(name: name, bytes: bytes))
        return true
    }

    private static func names(_ folder: String) throws -> [String] {
        guard let listing = opendir(folder) else {
            if errno == ENOENT, getenv("STORM_RECORD_CORPUS") != nil { return [] }
            throw CorpusError("\(folder) cannot be read")
        }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw CorpusError("\(path) cannot be read") }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw CorpusError("\(path) cannot be read") }
            if count == 0 { return content }
            content += buffer[..<count]
        }
    }
}

package struct CorpusError: Error, CustomStringConvertible {
    package let description: String

    /// Reads `errno`.
    init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }
}
