import Glibc

/// Small files that are replaced as a whole: a reader sees the old or the new content, never a part, also after a crash.
enum TextFile {
    /// Writes a temporary file beside `path`, brings it to the disk and renames it. The folder must exist.
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError("cannot write", temporary) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, bytes.count - done) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError("cannot write", temporary) }
            done += count
        }
        guard fsync(descriptor) == 0 else { throw FileError("cannot write", temporary) }
        guard rename(temporary, path) == 0 else { throw FileError("cannot replace", path) }
        // The new name itself has to reach the disk too.
        let folder = open(parent(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileError("cannot open", parent(path)) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw FileError("cannot write", parent(path)) }
    }

    /// - Returns: nil when there is no such file.
    static func read(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 && errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw FileError("cannot read", path) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError("cannot read", path) }
            if count == 0 { return content }
            content += buffer[..<count]
        }
    }

    /// The path from the root, by the folder that this process works in.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }

    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// What the system says about a file, with the file's name.
struct FileError: Error, CustomStringConvertible {
    let description: String

    /// Reads `errno`: make it right after the call that failed.
    init(_ what: String, _ path: String) {
        description = "\(what) '\(path)': \(String(cString: strerror(errno)))"
    }

    init(_ description: String) { self.description = description }
}
