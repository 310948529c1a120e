import Glibc

/// A topology's program as it is given on the command line.
package enum ProgramFile {
    /// The absolute path of a program that can be run: an ELF binary or a script that begins with `#!`.
    /// - Throws: what is wrong with the file and what to do about it.
    package static func check(_ path: String) throws(CommandFailure) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            throw CommandFailure(
                "\(path): \(reason); give the path of the built program, such as .build/release/WordCount")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure("\(path) is a folder or a device, not a file; give the path of the built program")
        }
        guard access(path, R_OK) == 0 else { throw CommandFailure("\(path) may not be read by you") }
        let start = firstBytes(path)
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw CommandFailure("\(path) is a jar or zip file; this system runs Swift programs and scripts, no Java")
        }
        guard start.starts(with: [0x7F, 0x45, 0x4C, 0x46]) || start.starts(with: [0x23, 0x21]) else {
            throw CommandFailure(
                "\(path) is not executable: it is neither a Linux program nor a script that begins with #!")
        }
        guard access(path, X_OK) == 0 else {
            throw CommandFailure("\(path) is not executable; make it so with chmod +x \(path)")
        }
        guard let resolved = realpath(path, nil) else {
            throw CommandFailure("\(path): \(String(cString: strerror(errno)))")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func firstBytes(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4)
        let count = read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }
}
