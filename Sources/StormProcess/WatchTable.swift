internal import CStormSystem
internal import Glibc

/// Every process under watch. Lives on the watcher's thread only (it is not Sendable, so the compiler sees to it).
final class WatchTable {
    static let wakeToken: UInt64 = 0

    private struct Entry {
        let handle: ProcessHandle
        /// Owned by the handle; here to take it out of epoll.
        let descriptor: Int32
        var output: Int32
        var errors: Int32
    }

    /// What became ready; the lowest two bits of a token.
    private enum Kind: UInt64 {
        case exit = 0
        case output = 1
        case errors = 2
    }

    private let epoll: Int32
    private var entries: [UInt64: Entry] = [:]
    private var keyOfPID: [Int32: UInt64] = [:]
    private var nextKey: UInt64 = 1
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    init(epoll: Int32) {
        self.epoll = epoll
    }

    // MARK: Commands

    func spawn(_ call: SpawnCall) -> Result<ProcessHandle, ProcessError> {
        let started: SpawnCall.Started
        do {
            started = try call.run()
        } catch {
            return .failure(error)
        }
        // Until it is reaped below, its number cannot belong to anybody else, even if it has ended.
        let descriptor = storm_pidfd_open(started.pid)
        guard descriptor >= 0 else {
            kill(started.pid, SIGKILL)
            waitpid(started.pid, nil, 0)
            if started.output >= 0 { close(started.output) }
            if started.errors >= 0 { close(started.errors) }
            return .failure(
                ProcessError(
                    .noResources,
                    "\(call.executable) was ended again, it cannot be watched: \(SpawnFailure.describe(-descriptor))",
                    errorNumber: -descriptor))
        }
        let identity = ProcessIdentity(
            pid: started.pid, startTicks: ProcessStat.read(pid: started.pid)?.startTicks ?? 0,
            bootID: ProcessIdentity.thisBoot)
        let handle = ProcessHandle(
            identity: identity, descriptor: descriptor, isChild: true,
            leadsSession: call.specification.newSession,
            outputBytesMax: call.specification.standardOutput.captureBytesMax,
            errorBytesMax: call.specification.standardError.captureBytesMax)
        return watch(Entry(handle: handle, descriptor: descriptor, output: started.output, errors: started.errors))
    }

    func adopt(_ identity: ProcessIdentity) -> Result<ProcessHandle, ProcessError> {
        let gone = ProcessError(.gone, "\(identity) does not run (any more)", errorNumber: ESRCH)
        guard identity.bootID == ProcessIdentity.thisBoot else { return .failure(gone) }
        // One watch per process, so that it is reaped once even if it is a child of ours.
        if let key = keyOfPID[identity.pid], let known = entries[key]?.handle, known.identity == identity {
            return .success(known)
        }
        let descriptor = storm_pidfd_open(identity.pid)
        guard descriptor >= 0 else {
            return .failure(
                -descriptor == ESRCH || -descriptor == EINVAL
                    ? gone
                    : ProcessError(
                        .noResources, "cannot watch \(identity): \(SpawnFailure.describe(-descriptor))",
                        errorNumber: -descriptor))
        }
        // Compared after the descriptor pins the process.
        guard identity.isAlive else {
            close(descriptor)
            return .failure(gone)
        }
        let leadsSession = ProcessStat.read(pid: identity.pid)?.sessionID == identity.pid
        let handle = ProcessHandle(
            identity: identity, descriptor: descriptor, isChild: false, leadsSession: leadsSession)
        return watch(Entry(handle: handle, descriptor: descriptor, output: -1, errors: -1))
    }

    private func watch(_ entry: Entry) -> Result<ProcessHandle, ProcessError> {
        let key = nextKey
        nextKey += 1
        entries[key] = entry
        keyOfPID[entry.handle.pid] = key
        add(entry.output, key, .output)
        add(entry.errors, key, .errors)
        add(entry.descriptor, key, .exit)
        return .success(entry.handle)
    }

    private func add(_ descriptor: Int32, _ key: UInt64, _ kind: Kind) {
        guard descriptor >= 0 else { return }
        let result = storm_epoll_add(epoll, descriptor, key << 2 | kind.rawValue)
        // Possible only beyond /proc/sys/fs/epoll/max_user_watches, some hundred thousand.
        precondition(result == 0, "epoll_ctl: \(SpawnFailure.describe(-result))")
    }

    // MARK: Events

    func ready(_ token: UInt64) {
        let key = token >> 2
        // A token of an entry that an earlier token of the same turn removed.
        guard let kind = Kind(rawValue: token & 3), entries[key] != nil else { return }
        switch kind {
        case .exit: ended(key)
        case .output, .errors: drain(key, kind)
        }
    }

    private func ended(_ key: UInt64) {
        guard let entry = entries[key] else { return }
        var exit = storm_exit()
        guard storm_reap(entry.descriptor, &exit) != -EAGAIN else { return }
        // What is in the pipes now is all: descendants that hold them open write to nobody from here on.
        drain(key, .output, isLast: true)
        drain(key, .errors, isLast: true)
        _ = storm_epoll_remove(epoll, entry.descriptor)
        entries[key] = nil
        if keyOfPID[entry.handle.pid] == key { keyOfPID[entry.handle.pid] = nil }
        entry.handle.finish(ProcessExit(exit))
    }

    /// Reads what a captured stream holds; one chunk per turn so that a flood of output delays nobody's end notice.
    private func drain(_ key: UInt64, _ kind: Kind, isLast: Bool = false) {
        guard let entry = entries[key] else { return }
        let descriptor = kind == .output ? entry.output : entry.errors
        guard descriptor >= 0 else { return }
        var isOpen = true
        // A pipe holds 64 KiB (1 MiB at most by default): a few reads empty it even if somebody still writes.
        for _ in 0..<(isLast ? 32 : 1) {
            let got = read(descriptor, &chunk, chunk.count)
            if got > 0 {
                let bytes = chunk[0..<got]
                if kind == .output { entry.handle.appendOutput(bytes) } else { entry.handle.appendErrors(bytes) }
                continue
            }
            if got < 0, errno == EINTR { continue }
            isOpen = got < 0 && errno == EAGAIN
            break
        }
        if isLast || !isOpen { closeStream(key, kind, descriptor) }
    }

    private func closeStream(_ key: UInt64, _ kind: Kind, _ descriptor: Int32) {
        _ = storm_epoll_remove(epoll, descriptor)
        close(descriptor)
        if kind == .output { entries[key]?.output = -1 } else { entries[key]?.errors = -1 }
    }
}

extension ProcessExit {
    init(_ exit: storm_exit) {
        guard exit.known != 0 else {
            self = .unknown
            return
        }
        self =
            exit.exited != 0
            ? .exited(code: exit.value)
            : .signaled(Signal(exit.value), coreDumped: exit.core_dumped != 0)
    }
}

extension ProcessSpecification.Sink {
    var captureBytesMax: Int {
        if case .capture(let bytes) = self { bytes } else { 0 }
    }
}
