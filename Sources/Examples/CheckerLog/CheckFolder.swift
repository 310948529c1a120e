internal import Glibc

/// The folder where the checking tasks of one run keep their diaries: `COMPONENT-INDEX-PORT-PID.records`, one per task
/// and process, so that nobody ever writes into the file of another.
package struct CheckFolder: Sendable {
    package let path: String

    /// The folder is made when it is missing.
    package init(_ path: String) throws(CheckError) {
        self.path = path
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw CheckError("cannot make the folder '\(path)'") }
    }

    package func diary(component: String, index: Int, port: Int, pid: Int32) -> String {
        "\(path)/\(component)-\(index)-\(port)-\(pid).records"
    }

    /// Diaries of a component, of one task or of all, sorted by name; empty when there are none.
    package func diaries(component: String, index: Int? = nil) throws(CheckError) -> [String] {
        let prefix = "\(component)-" + (index.map { "\($0)-" } ?? "")
        return try names().filter { $0.hasPrefix(prefix) && $0.hasSuffix(".records") }.map { "\(path)/\($0)" }
    }

    /// While this file exists the spouts emit no new message.
    package var stopFile: String { "\(path)/stop" }
    /// While this file exists the first task of the bolt in the middle ends its process at the next message.
    package var crashFile: String { "\(path)/crash" }
    package var isStopped: Bool { access(stopFile, F_OK) == 0 }

    private func names() throws(CheckError) -> [String] {
        guard let listing = opendir(path) else { throw CheckError("cannot read the folder '\(path)'") }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.sorted()
    }
}

/// What went wrong with a diary, with the system's reason.
package struct CheckError: Error, CustomStringConvertible {
    package let description: String

    /// Reads `errno`: make it right after the call that failed.
    package init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }

    package init(reason: String) { description = reason }
}

package enum WallClock {
    /// Microseconds since 1970. All diaries of a run are compared by it, so the machines' clocks must agree.
    package static var microseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
