/// Path arithmetic of the coordination store.
package enum NodePath {
    package static func join(_ parent: String, _ name: String) -> String {
        parent == "/" ? "/" + name : parent + "/" + name
    }

    /// "/" for a top-level node and for "/" itself.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    package static func name(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }

    /// From the top down, without "/" and without `path`.
    package static func ancestors(of path: String) -> [String] {
        var found: [String] = []
        var current = parent(of: path)
        while current != "/" {
            found.append(current)
            current = parent(of: current)
        }
        return found.reversed()
    }

    /// How many levels `path` is below `root`: 0 for the root itself, nil when it is not in its subtree.
    package static func depth(of path: String, below root: String) -> Int? {
        if path == root { return 0 }
        let prefix = root == "/" ? "/" : root + "/"
        guard path.hasPrefix(prefix) else { return nil }
        return path.utf8.dropFirst(prefix.utf8.count).count { $0 == UInt8(ascii: "/") } + 1
    }

    /// The counter at the end of a sequential node's name; greater than any counter when there is none.
    package static func sequence(of name: String) -> Int64 {
        Int64(name.suffix(10)) ?? Int64.max
    }

    /// - Throws: `CoordinationError.badArguments`.
    package static func validate(_ path: String) throws {
        func bad(_ why: String) -> CoordinationError { CoordinationError(.badArguments, path, detail: why) }
        if path == "/" { return }
        guard path.hasPrefix("/") else { throw bad("a path starts with '/'") }
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if part.isEmpty { throw bad("a path has no empty part") }
            if part == "." || part == ".." { throw bad("a path has no relative part") }
            if part.utf8.contains(0) { throw bad("a path has no null character") }
        }
    }
}
