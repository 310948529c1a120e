import Glibc
import Logging
import StormProcess

/// One child from its start to its end, as its serving thread sees it.
final class ChildVisit {
    private let handle: ProcessHandle
    private let pipes: ChildPipes
    private let settings: ChildServer.Settings
    private let link: ChildLink
    private var errorLines = ErrorLines()
    /// When it last wrote anything, or could not have.
    private var lastSign: Int64
    private var hasAnswered = false
    /// When the next sign of life is asked for.
    private var nextHeartbeat: Int64
    /// Whether it wrote since it was asked.
    private var hasShownLife = true
    private var mayWrite = true

    /// How long a child that was told to end has, and one that closed its output has to end by itself.
    private static let graceNanoseconds: Int64 = 1_000_000_000
    private static let killNanoseconds: Int64 = 5_000_000_000

    init(_ handle: ProcessHandle, _ pipes: ChildPipes, _ settings: ChildServer.Settings, _ link: ChildLink) {
        self.handle = handle
        self.pipes = pipes
        self.settings = settings
        self.link = link
        lastSign = Monotonic.now
        nextHeartbeat = lastSign + Self.heartbeatNanoseconds(settings)
    }

    /// Often enough that one lost turn does not count as silence; at most once a second.
    private static func heartbeatNanoseconds(_ settings: ChildServer.Settings) -> Int64 {
        min(max(settings.timeoutNanoseconds / 4, 50_000_000), 5_000_000_000)
    }

    /// - Returns: why it ended, as the rest of a sentence.
    func serve() -> String {
        while true {
            waitForSomething()
            if link.isStopping { return endOrderly() }
            if let condemned = link.condemned { return kill(condemned) }
            if handle.exitStatus != nil { return ended() }
            readErrors()
            if link.canReceive, !readOutput() { return closedOutput() }
            if !link.writeOutbound(pipes.write) { return closedInput() }
            if let silence = checkLife() { return kill(silence) }
        }
    }

    private func waitForSomething() {
        let before = Monotonic.now
        let canReceive = link.canReceive
        var descriptors = [
            pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: canReceive ? pipes.output : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: pipes.errors, events: Int16(POLLIN), revents: 0),
            pollfd(fd: link.hasOutbound ? pipes.input : -1, events: Int16(POLLOUT), revents: 0),
        ]
        let milliseconds = max(1, (nextCheck - before) / 1_000_000 + 1)
        _ = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: milliseconds))
        if descriptors[0].revents != 0 { link.clearWake() }
        let now = Monotonic.now
        // It could not show life while nobody heard it, nor while this process was stopped.
        if link.keepsChildWaiting || now - before > (milliseconds + 1000) * 1_000_000 { lastSign = now }
    }

    // MARK: Streams

    /// - Returns: false at its end.
    private func readOutput() -> Bool {
        switch pipes.read(pipes.output) {
        case .bytes(let bytes):
            lastSign = Monotonic.now
            hasAnswered = true
            hasShownLife = true
            link.received(bytes)
            return true
        case .nothing: return true
        case .end: return false
        }
    }

    private func readErrors() {
        switch pipes.read(pipes.errors) {
        case .bytes(let bytes): errorLines.append(bytes, log)
        case .nothing: break
        case .end: pipes.closeErrors()
        }
    }

    private func log(_ line: String) { settings.logger.info("\(line)", metadata: ["child.pid": "\(handle.pid)"]) }

    /// What is in the pipes when nobody writes any more.
    private func drain() {
        // A pipe holds 64 KiB, at most 1 MiB.
        for _ in 0..<32 { if case .bytes(let bytes) = pipes.read(pipes.output) { link.received(bytes) } else { break } }
        for _ in 0..<32 {
            if case .bytes(let bytes) = pipes.read(pipes.errors) { errorLines.append(bytes, log) } else { break }
        }
        errorLines.end(log)
    }

    // MARK: Life

    private var nextCheck: Int64 {
        let silence = lastSign + (hasAnswered ? settings.timeoutNanoseconds : settings.startNanoseconds)
        if settings.heartbeat != nil { return hasAnswered ? min(silence, nextHeartbeat) : silence }
        guard hasAnswered else { return silence }
        return link.awaitsAnswerSince.map { max($0, lastSign) + settings.timeoutNanoseconds } ?? Monotonic.now
            + 60_000_000_000
    }

    /// - Returns: what to say of a child that has been silent for too long.
    private func checkLife() -> String? {
        let now = Monotonic.now
        if settings.heartbeat == nil, hasAnswered { lastSign = max(lastSign, link.awaitsAnswerSince ?? now) }
        if !hasAnswered {
            guard now - lastSign > settings.startNanoseconds else { return nil }
            return "has not answered the handshake for \(settings.startNanoseconds / 1_000_000_000) s"
        }
        if now - lastSign > settings.timeoutNanoseconds {
            return "has shown no sign of life for \(settings.timeoutNanoseconds / 1_000_000_000) s "
                + "(topology.subprocess.timeout.secs)"
        }
        if let heartbeat = settings.heartbeat, now >= nextHeartbeat {
            nextHeartbeat = now + Self.heartbeatNanoseconds(settings)
            // Asked once: a child that does not answer is not flooded.
            if hasShownLife {
                hasShownLife = false
                link.sendOwn(heartbeat)
            }
        }
        return nil
    }

    // MARK: Ends

    private func ended() -> String {
        handle.killGroupLeftovers()
        drain()
        return "ended by itself: \(handle.exitStatus.map { "\($0)" } ?? "unknown")\(lastWords)"
    }

    private func closedOutput() -> String {
        awaitEnd(Self.graceNanoseconds)
        return handle.exitStatus == nil ? kill("closed its standard output") : ended()
    }

    private func closedInput() -> String {
        awaitEnd(Self.graceNanoseconds)
        return handle.exitStatus == nil ? kill("closed its standard input") : ended()
    }

    private func kill(_ reason: String) -> String {
        handle.send(.kill, scope: .group)
        awaitEnd(Self.killNanoseconds)
        handle.killGroupLeftovers()
        drain()
        return "was killed: it \(reason)\(lastWords)"
    }

    /// Told to end, and read no more: what it says now is for nobody.
    private func endOrderly() -> String {
        pipes.closeInput()
        handle.send(.terminate, scope: .group)
        awaitEnd(Self.graceNanoseconds)
        if handle.exitStatus == nil { handle.send(.kill, scope: .group) }
        awaitEnd(Self.killNanoseconds)
        handle.killGroupLeftovers()
        return "was ended with its task"
    }

    /// Waits for its end; reads meanwhile what it has to say to people, so that it is not held up by that.
    private func awaitEnd(_ nanoseconds: Int64) {
        let deadline = Monotonic.now + nanoseconds
        while handle.exitStatus == nil {
            let left = deadline - Monotonic.now
            guard left > 0 else { return }
            var descriptors = [
                pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: pipes.errors, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&descriptors, 2, Int32(clamping: left / 1_000_000 + 1))
            if descriptors[0].revents != 0 { link.clearWake() }
            readErrors()
        }
    }

    private var lastWords: String {
        errorLines.last.isEmpty ? "" : "; it wrote last: " + errorLines.last.joined(separator: " | ")
    }
}
