import Glibc

/// Checks of the machine that the command runs on.
package enum MachineChecks {
    /// A folder's file system, as far as it matters.
    package struct Disk: Hashable, Sendable {
        package var path: String
        package var freeBytes: Int
        package var totalBytes: Int
        package var isWritable: Bool

        package init(path: String, freeBytes: Int, totalBytes: Int, isWritable: Bool) {
            self.path = path
            self.freeBytes = freeBytes
            self.totalBytes = totalBytes
            self.isWritable = isWritable
        }

        /// Of the folder, or of the nearest one above that exists. Nil: none can be looked at.
        package static func read(_ folder: String) -> Disk? {
            var path = folder
            while access(path, F_OK) != 0, path != "/", path != "." {
                guard let slash = path.lastIndex(of: "/") else { path = "."; break }
                path = slash == path.startIndex ? "/" : String(path[..<slash])
            }
            var status = statvfs()
            guard statvfs(path, &status) == 0 else { return nil }
            let block = Int(status.f_frsize)
            return Disk(
                path: path, freeBytes: Int(status.f_bavail) * block, totalBytes: Int(status.f_blocks) * block,
                isWritable: access(path, W_OK) == 0)
        }
    }

    package static func disk(_ folder: String, _ disk: Disk?) -> Finding {
        let check = "storm.local.dir"
        guard let disk else {
            return .fail(check, "\(folder) cannot be looked at", "make the folder, or set storm.local.dir to another")
        }
        let place = disk.path == folder ? folder : "\(folder) (not there yet, in \(disk.path))"
        let space = "\(Age.size(disk.freeBytes)) of \(Age.size(disk.totalBytes)) free"
        guard disk.isWritable else {
            // Somebody who only runs commands here needs no such folder.
            return .warn(check, "\(place) may not be written by this user", "daemons must run as the folder's owner")
        }
        if disk.freeBytes < 100 << 20 {
            return .fail(check, "\(place), \(space)", "make room: code, logs and states are kept there")
        }
        if disk.freeBytes < 1 << 30 || disk.freeBytes < disk.totalBytes / 20 {
            return .warn(check, "\(place), \(space)", "make room before it is full")
        }
        return .ok(check, "\(place), \(space)")
    }

    package static func openFiles() -> Finding {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return .warn("open files", "the limit cannot be read", "see ulimit -n")
        }
        return openFiles(soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
    }

    package static func openFiles(soft: UInt64, hard: UInt64) -> Finding {
        let text = "\(soft) at most" + (hard > soft ? ", could be raised to \(hard)" : "")
        let advice = "raise it (ulimit -n 65536, LimitNOFILE= in a systemd unit): each peer of a worker needs one"
        if soft < 256 { return .fail("open files", text, advice) }
        return soft < 1024 ? .warn("open files", text, advice) : .ok("open files", text)
    }

    /// Who has a port of `supervisor.slots.ports`.
    package enum PortUse: Hashable, Sendable {
        case free
        /// A worker of ours, of this topology.
        case worker(String)
        case stranger(String)
    }

    package static func slots(_ uses: [(port: Int, use: PortUse)]) -> Finding {
        let check = "worker slots"
        let free = uses.filter { $0.use == .free }.count
        let workers = uses.filter { if case .worker = $0.use { true } else { false } }
        let strangers = uses.compactMap { entry -> String? in
            if case .stranger(let what) = entry.use { "\(entry.port) (\(what))" } else { nil }
        }
        let text = "\(uses.count) ports: \(free) free, \(workers.count) with our workers"
        guard !strangers.isEmpty else { return .ok(check, text) }
        return .warn(
            check, "\(text), taken by something else: \(strangers.joined(separator: ", "))",
            "workers cannot start there: change supervisor.slots.ports, or end what listens (ss -ltnp)")
    }

    /// Whether something listens on a port of this machine, told by trying to take it.
    static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(0)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // Only "in use" says something; a low port may just not be ours to take.
        return status == 0 || errno != EADDRINUSE
    }
}
