import Glibc

/// Rotates what processes print: `worker.log.out` and `worker.log.err`. (A worker rotates `worker.log` itself.)
///
/// Nobody can tell a process to open its standard output anew. So a file that has grown over its size is copied to
/// `worker.log.out.1` and then emptied; the process goes on at its end, since it appends. What is printed between the last
/// look at the file's end and that moment, some microseconds, is lost. Only one process of a machine may do this: its
/// supervisor.
package struct OutputRotation: Sendable {
    private let folder: LogFolder
    private let bytesMax: Int
    private let filesMax: Int

    /// - Parameters:
    ///   - bytesMax: size over which a file is rotated.
    ///   - filesMax: rotated files that are kept, at least 1.
    package init(_ folder: LogFolder, bytesMax: Int, filesMax: Int = 4) {
        precondition(bytesMax > 0 && filesMax > 0, "a size and at least one predecessor")
        self.folder = folder
        self.bytesMax = bytesMax
        self.filesMax = filesMax
    }

    /// One look. - Returns: what could not be rotated, with the reason.
    package func run() -> [String] {
        var failures: [String] = []
        for topology in folder.topologies().topologies where topology.bytes > bytesMax {
            for file in folder.files(topology.topologyID).files {
                guard file.stream != .log, file.rotation == 0, file.bytes > bytesMax,
                    let name = LogFileName(file.file)
                else { continue }
                if let failure = rotate(name) { failures.append("\(name): \(failure)") }
            }
        }
        return failures
    }

    private func path(_ name: LogFileName, _ rotation: Int) -> String { "\(folder.path)/\(name.rotated(rotation))" }

    /// - Returns: why it failed; then the file is as it was.
    private func rotate(_ name: LogFileName) -> String? {
        let copy = "\(path(name, 0)).copy"
        let source = open(path(name, 0), O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard source >= 0 else { return reason() }
        defer { close(source) }
        unlink(copy)  // of a supervisor that ended in the middle
        let target = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard target >= 0 else { return reason() }
        defer { close(target) }
        var copied: off_t = 0
        while true {
            let count = sendfile(target, source, &copied, 1 << 20)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let failure = reason()
                unlink(copy)
                return failure
            }
            if count == 0 { break }
        }
        for rotation in stride(from: filesMax - 1, through: 1, by: -1) {
            rename(path(name, rotation), path(name, rotation + 1))  // a gap in the row is no fault
        }
        guard rename(copy, path(name, 1)) == 0, ftruncate(source, 0) == 0 else { return reason() }
        return nil
    }

    private func reason() -> String { String(cString: strerror(errno)) }
}
