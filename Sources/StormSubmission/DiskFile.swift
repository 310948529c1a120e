import Crypto
import Glibc
import NIOPosix
import Synchronization

/// A file operation failed: which, on what, why.
package struct DiskError: Error, Hashable, Sendable, CustomStringConvertible {
    package let action: String
    package let path: String
    package let reason: String

    package init(action: String, path: String, reason: String) {
        self.action = action
        self.path = path
        self.reason = reason
    }

    package var description: String { "cannot \(action) \(path): \(reason)" }
}

/// The content of a file by hash and length.
package struct ContentHash: Hashable, Sendable {
    /// Lower-case hexadecimal.
    package let sha256: String
    package let sizeBytes: Int64

    package init(sha256: String, sizeBytes: Int64) {
        self.sha256 = sha256
        self.sizeBytes = sizeBytes
    }
}

/// A local file that is read or written from start to end and hashed on the way. System calls run on NIO's thread pool,
/// so that no task thread waits for a disk. One task at a time; `close` exactly once.
package struct DiskFile: Sendable {
    package let path: String
    private let descriptor: Int32
    private var hash = SHA256()
    private var sizeBytes: Int64 = 0

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Opens an existing file.
    package static func reading(_ path: String) async throws -> DiskFile { try await open(path, O_RDONLY) }

    /// Creates a file that must not exist yet.
    package static func creating(_ path: String) async throws -> DiskFile {
        try await open(path, O_WRONLY | O_CREAT | O_EXCL)
    }

    private static func open(_ path: String, _ flags: Int32) async throws -> DiskFile {
        try await Disk.run {
            let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw Disk.failure("open", path) }
            return DiskFile(path: path, descriptor: descriptor)
        }
    }

    /// What went through this value so far.
    package var content: ContentHash {
        ContentHash(sha256: hash.finalize().map { Self.hex($0) }.joined(), sizeBytes: sizeBytes)
    }

    /// The next bytes: `count` of them except at the end of the file; none there.
    package mutating func read(_ count: Int) async throws -> [UInt8] {
        let (descriptor, path) = (descriptor, path)
        let bytes = try await Disk.run {
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let got = Glibc.read(descriptor, buffer.baseAddress! + filled, count - filled)
                    if got < 0 && errno == EINTR { continue }
                    guard got >= 0 else { throw Disk.failure("read", path) }
                    if got == 0 { break }
                    filled += got
                }
            }
        }
        account(bytes)
        return bytes
    }

    /// Appends all bytes.
    package mutating func write(_ bytes: [UInt8]) async throws {
        let (descriptor, path) = (descriptor, path)
        try await Disk.run {
            try bytes.withUnsafeBytes { buffer in
                var done = 0
                while done < buffer.count {
                    let put = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
                    if put < 0 && errno == EINTR { continue }
                    guard put >= 0 else { throw Disk.failure("write", path) }
                    done += put
                }
            }
        }
        account(bytes)
    }

    /// Waits until what was written is on the disk.
    package func synchronize() async throws {
        try await Disk.run { [descriptor, path] in
            guard fsync(descriptor) == 0 else { throw Disk.failure("flush", path) }
        }
    }

    package func close() async {
        // What must survive has been synchronised before; a failing close changes nothing.
        try? await Disk.runInAnyCase { [descriptor] in _ = Glibc.close(descriptor) }
    }

    private mutating func account(_ bytes: [UInt8]) {
        hash.update(data: bytes)
        sizeBytes += Int64(bytes.count)
    }

    private static func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }
}

/// Directory operations, off the task threads.
package enum Disk {
    /// Whether calls run on the caller's thread: for a simulation, which has one thread only.
    @TaskLocal package static var isInline = false

    /// Calls something that blocks.
    package static func run<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        if isInline { return try body() }
        return try await NIOThreadPool.singleton.runIfActive(body)
    }

    /// As `run`, also in a task that was cancelled: what tidies up after a call that ended by that.
    static func runInAnyCase<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        if isInline { return try body() }
        return try await withCheckedThrowingContinuation { continuation in
            NIOThreadPool.singleton.submit { state in
                switch state {
                case .active: continuation.resume(with: Result { try body() })
                case .cancelled: continuation.resume(throwing: CancellationError())
                }
            }
        }
    }

    static func failure(_ action: String, _ path: String) -> DiskError {
        DiskError(action: action, path: path, reason: String(cString: strerror(errno)))
    }

    package static func makeDirectory(_ path: String) async throws {
        try await run {
            var current = path.hasPrefix("/") ? "" : "."
            for part in path.split(separator: "/") {
                current += "/" + part
                guard mkdir(current, 0o755) == 0 || errno == EEXIST else { throw failure("create directory", current) }
            }
        }
    }

    /// Held while a name changes: nothing takes a file's place between the last look at it and its removal.
    private static let renaming = Mutex(())

    /// Atomic; the directory of the new name is synchronised, so that the name survives a power cut.
    package static func rename(_ old: String, to new: String) async throws {
        try await run {
            try renaming.withLock { _ in try move(old, to: new) }
            let directory = new.lastIndex(of: "/").map { String(new[..<$0]) } ?? "."
            let descriptor = Glibc.open(directory, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw failure("open directory", directory) }
            defer { _ = Glibc.close(descriptor) }
            guard fsync(descriptor) == 0 else { throw failure("flush directory", directory) }
        }
    }

    private static func move(_ old: String, to new: String) throws {
        guard Glibc.rename(old, new) == 0 else { throw failure("rename", old) }
    }

    /// Nothing there is fine. Also in a task that was cancelled.
    package static func remove(_ path: String) async throws { try await runInAnyCase { try unlinkIfThere(path) } }

    /// Nothing there is fine.
    /// - Parameter stays: asked right before, when no `rename` can put another file there any more.
    /// - Returns: whether it was removed.
    package static func remove(_ path: String, unless stays: @escaping @Sendable () -> Bool) async throws -> Bool {
        try await run { try renaming.withLock { _ in try removeNow(path, unless: stays) } }
    }

    private static func removeNow(_ path: String, unless stays: () -> Bool) throws -> Bool {
        if stays() { return false }
        try unlinkIfThere(path)
        return true
    }

    private static func unlinkIfThere(_ path: String) throws {
        guard Glibc.unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    /// In bytes; nil when there is no such file.
    package static func size(_ path: String) async throws -> Int64? {
        try await run {
            var status = stat()
            if stat(path, &status) == 0 { return Int64(status.st_size) }
            if errno == ENOENT { return nil }
            throw failure("look at", path)
        }
    }

    /// Names, without "." and "..", sorted; empty when there is no such directory.
    package static func names(in path: String) async throws -> [String] {
        try await run {
            guard let directory = opendir(path) else {
                if errno == ENOENT { return [] }
                throw failure("list", path)
            }
            defer { closedir(directory) }
            var names: [String] = []
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { names.append(name) }
            }
            return names.sorted()
        }
    }
}
