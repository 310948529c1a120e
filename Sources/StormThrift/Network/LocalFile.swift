internal import Glibc
internal import NIOPosix

/// A local file, read or written from start to end. Every system call runs on NIO's thread pool, so that neither an
/// event loop nor a task thread waits for a disk. Used by one task at a time; `close` exactly once.
struct LocalFile: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Opens an existing file.
    static func reading(_ path: String) async throws -> LocalFile { try await open(path, O_RDONLY) }

    /// Creates a file, or empties it.
    static func writing(_ path: String) async throws -> LocalFile {
        try await open(path, O_WRONLY | O_CREAT | O_TRUNC)
    }

    private static func open(_ path: String, _ flags: Int32) async throws -> LocalFile {
        try await NIOThreadPool.singleton.runIfActive {
            let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw failure("open", path) }
            return LocalFile(path: path, descriptor: descriptor)
        }
    }

    /// The next bytes: `count` of them except at the end of the file; none there.
    func read(_ count: Int) async throws -> [UInt8] {
        try await NIOThreadPool.singleton.runIfActive {
            try [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
                while filled < count {
                    let got = Glibc.read(descriptor, bytes.baseAddress! + filled, count - filled)
                    if got < 0 && errno == EINTR { continue }
                    guard got >= 0 else { throw Self.failure("read", path) }
                    if got == 0 { break }
                    filled += got
                }
            }
        }
    }

    /// Appends all bytes.
    func write(_ bytes: [UInt8]) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            try bytes.withUnsafeBytes { bytes in
                var done = 0
                while done < bytes.count {
                    let put = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                    if put < 0 && errno == EINTR { continue }
                    guard put >= 0 else { throw Self.failure("write", path) }
                    done += put
                }
            }
        }
    }

    /// Waits until what was written is on the disk.
    func synchronize() async throws {
        try await NIOThreadPool.singleton.runIfActive {
            guard fsync(descriptor) == 0 else { throw Self.failure("flush", path) }
        }
    }

    func close() async throws {
        try await NIOThreadPool.singleton.runIfActive {
            guard Glibc.close(descriptor) == 0 else { throw Self.failure("close", path) }
        }
    }

    /// Gives a file another name, in place of a file of that name.
    static func rename(_ old: String, to new: String) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            guard Glibc.rename(old, new) == 0 else { throw failure("rename", old) }
        }
    }

    /// Removes a file; nothing if there is none.
    static func remove(_ path: String) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
        }
    }

    private static func failure(_ action: String, _ path: String) -> ThriftError {
        ThriftError(.file, "cannot \(action) \(path): \(String(cString: strerror(errno)))")
    }
}
