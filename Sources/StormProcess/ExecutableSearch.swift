internal import CStormSystem
internal import Glibc

/// Finds programs, and reads the environment.
package enum ExecutableSearch {
    /// The path of a program: `name` itself if it has a slash (made absolute), else the first executable file of that
    /// name in `path`. `nil` if there is none.
    package static func find(_ name: String, path: String? = environment()["PATH"]) -> String? {
        if name.contains("/") { return absolute(name) }
        for directory in (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let candidate = "\(directory)/\(name)"
            if isExecutableFile(candidate) { return candidate }
        }
        return nil
    }

    package static func isExecutableFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// The child enters its working directory before it starts the program, so a relative path must be fixed first.
    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return "\(String(cString: directory))/\(path)"
    }

    /// This process's environment as a table; a name given twice keeps its first value.
    package static func environment() -> [String: String] {
        var table: [String: String] = [:]
        guard var entry = storm_environment() else { return table }
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2, table[String(pair[0])] == nil { table[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        return table
    }
}
