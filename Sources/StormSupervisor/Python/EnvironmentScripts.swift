internal import FoundationEssentials
internal import StormProcess

/// The programs of an environment that was made elsewhere name its Python by a path that does not exist here.
enum EnvironmentScripts {
    private static let bytesMax = 1 << 20

    /// Makes all scripts in `folder` that begin with the path of some environment's Python begin with this one.
    static func adapt(_ folder: String, interpreter: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = "\(folder)/\(name)"
            // Links lead to programs, which are no scripts of ours; to open a pipe would wait for its writer.
            guard let entry = FileEntry(path), entry.kind == .file, entry.sizeBytes < bytesMax,
                let bytes = SystemFile.read(path, bytesMax: bytesMax),
                let changed = adapted(bytes, interpreter: interpreter)
            else { continue }
            try SystemFile.writeAtomically(path, changed, mode: 0o755)
        }
    }

    /// - Returns: nil for what needs no change.
    static func adapted(_ bytes: [UInt8], interpreter: String) -> [UInt8]? {
        guard bytes.starts(with: "#!/".utf8), let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = String(decoding: bytes[2..<end], as: UTF8.self)
        guard let name = line.split(separator: "/").last, name.hasPrefix("python"),
            name.dropFirst(6).allSatisfy({ $0.isNumber || $0 == "." }), !line.hasPrefix("/usr/")
        else { return nil }
        return Array("#!\(interpreter)".utf8) + bytes[end...]
    }
}
