import Glibc

/// An open folder. Everything in it is opened from here, so that nothing can be put in its place on the way.
final class Folder {
    private let descriptor: Int32

    /// The topmost one may be reached over links: the operator chose it.
    init?(_ path: String) {
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    init?(_ name: String, in parent: Folder) {
        descriptor = openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    /// Nil for what is no plain file. Non-blocking: a pipe in the place of a log must not hold anybody up.
    func file(_ name: String) -> OpenLogFile? {
        let opened = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        return opened < 0 ? nil : OpenLogFile(opened)
    }

    /// Sorted.
    var names: [String] {
        // A descriptor of its own: the listing closes it, and moves its position.
        let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { return [] }
        guard let listing = fdopendir(own) else {
            close(own)
            return []
        }
        defer { closedir(listing) }
        var found: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { found.append(name) }
        }
        return found.sorted()
    }
}
