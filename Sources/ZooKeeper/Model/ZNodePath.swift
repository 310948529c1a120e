/// The rules and arithmetic of ZooKeeper paths: absolute, `/`-separated, no empty, `.` or `..` components.
public enum ZNodePath {
    /// What is wrong with `path`, or `nil` when it is legal. Linear in its length.
    public static func fault(in path: String) -> String? {
        if path == "/" { return nil }
        let bytes = path.utf8
        guard bytes.first == UInt8(ascii: "/") else { return "must start with /" }
        if bytes.last == UInt8(ascii: "/") { return "must not end with /" }
        for component in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if component.isEmpty { return "has an empty component" }
            if component == "." || component == ".." { return "has a relative component" }
        }
        for scalar in path.unicodeScalars where isForbidden(scalar.value) {
            return "has the illegal character U+" + String(scalar.value, radix: 16, uppercase: true)
        }
        return nil
    }

    /// The characters that the server's own check refuses (Apache ZooKeeper, PathUtils).
    private static func isForbidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0...0x1F, 0x7F...0x9F, 0xD800...0xF8FF, 0xFFF0...0xFFFF: true
        default: false
        }
    }

    /// `parent` and `name` joined: `("/", "a")` gives `/a`.
    public static func join(_ parent: String, _ name: String) -> String {
        parent == "/" ? "/" + name : parent + "/" + name
    }

    /// The parent's path; `nil` for `/`.
    public static func parent(of path: String) -> String? {
        guard path != "/", let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last component; empty for `/`.
    public static func name(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }

    /// Whether `path` is `root` or below it.
    public static func isInside(_ path: String, root: String) -> Bool {
        root == "/" || path == root || path.hasPrefix(root + "/")
    }

    /// Components between `root` and `path`, which must be inside: 0 for the root itself.
    static func depth(of path: String, below root: String) -> Int {
        func slashes(_ path: String) -> Int { path == "/" ? 0 : path.utf8.count(where: { $0 == UInt8(ascii: "/") }) }
        return slashes(path) - slashes(root)
    }

    /// The number that the server appended to a sequential node's name, `nil` when there is none.
    public static func sequence(of name: String) -> Int? {
        let digits = name.suffix(10)
        return digits.utf8.count == 10 ? Int(digits) : nil
    }
}

/// Maps a client's paths to the server's and back.
///
/// Done here and not by the C library: there the root lives in the connect string, is not created, and results of
/// `multi` have to be mapped by hand.
struct Chroot: Sendable {
    /// Empty for no chroot, else a legal path without a slash at its end.
    let prefix: String

    init(_ path: String) { prefix = path == "/" ? "" : path }

    func absolute(_ path: String) -> String {
        if prefix.isEmpty { return path }
        return path == "/" ? prefix : prefix + path
    }

    func relative(_ path: String) -> String {
        guard !prefix.isEmpty, path.hasPrefix(prefix) else { return path }
        return path.utf8.count == prefix.utf8.count ? "/" : String(path.dropFirst(prefix.count))
    }
}
