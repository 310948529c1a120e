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
    private var printedLines = ErrorLines()
    private var errorBudget = ReadBudget(bytesPerSecond: ChildVisit.errorBytesPerSecond)
    /// When it last sent a message, or could not have.
    private var lastSign: Int64
    /// For how long it could not show life by then, on the link's count.
    private var keptWaiting: Int64
    private var hasAnswered = false
    private var lastMessage: Int64 = 0
    private var lastRead: Int64 = 0
    /// When the next sign of life is asked for.
    private var nextHeartbeat: Int64
    /// Whether it sent a message since it was asked.
    private var hasShownLife = true
    private var mayWrite = true

    /// What it may write to standard error: that goes to the worker's log, where others write, too.
    private static let errorBytesPerSecond = 1 << 20
    /// Between two reads from a child that has work for longer than that.
    private static let lingerNanoseconds: Int64 = 250_000
    /// How long a child that was told to end has, and one that closed its output has to end by itself.
    private static let graceNanoseconds: Int64 = 1_000_000_000
    private static let killNanoseconds: Int64 = 5_000_000_000

    init(_ handle: ProcessHandle, _ pipes: ChildPipes, _ settings: ChildServer.Settings, _ link: ChildLink) {
        self.handle = handle
        self.pipes = pipes
        self.settings = settings
        self.link = link
        lastSign = Monotonic.now
        keptWaiting = link.keptWaitingNanoseconds(now: lastSign)
        nextHeartbeat = lastSign + Self.heartbeatNanoseconds(settings)
    }

    /// Often enough that one lost turn does not count as silence; at most once a second.
    private static func heartbeatNanoseconds(_ settings: ChildServer.Settings) -> Int64 {
        min(max(settings.timeoutNanoseconds / 4, 50_000_000), 5_000_000_000)
    }

    /// - Returns: why it ended, as the rest of a sentence.
    func serve() -> String {
        while true {
            linger()
            waitForSomething()
            noteMessages()
            if link.isStopping { return endOrderly() }
            if let condemned = link.condemned { return kill(condemned) }
            if handle.exitStatus != nil { return ended() }
            readErrors()
            readPrints()
            if pipes.channelOutput >= 0 { readOpenChannel() }
            if link.canReceive, !readOutput() { return closedOutput() }
            if !link.writeOutbound(pipes.write) { return closedInput() }
            if let silence = checkLife() { return kill(silence) }
        }
    }

    /// Leaves a child alone that is at work: it writes answer after answer, and to be woken by each, and wake the executor for
    /// it, costs more than what is in them. Whoever has something for it waits no longer than this either.
    private func linger() {
        guard link.isChildBusy else { return }
        let left = lastRead + Self.lingerNanoseconds - Monotonic.now
        if left > 0 { usleep(UInt32(clamping: left / 1000)) }
    }

    private func waitForSomething() {
        let before = Monotonic.now
        let canReceive = link.canReceive
        let errorsOpen = errorBudget.opens(now: before)
        var descriptors = [
            pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: canReceive ? pipes.output : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errorsOpen == nil ? pipes.errors : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: link.hasOutbound ? pipes.input : -1, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: canReceive ? pipes.channelOutput : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errorsOpen == nil ? pipes.prints : -1, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = max(1, (min(nextCheck, errorsOpen ?? .max) - before) / 1_000_000 + 1)
        _ = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: milliseconds))
        if descriptors[0].revents != 0 { link.clearWake() }
        let now = Monotonic.now
        let keptWaiting = link.keptWaitingNanoseconds(now: now)
        if now - before > (milliseconds + 1000) * 1_000_000 {
            // This process was stopped.
            lastSign = now
        } else {
            // It could not show life while nobody heard it. Exactly that time does not count: were it a little more each
            // time, what prints all the time would live for ever.
            lastSign = min(now, lastSign + keptWaiting - self.keptWaiting)
        }
        self.keptWaiting = keptWaiting
    }

    // MARK: Streams

    /// - Returns: false at its end.
    private func readOutput() -> Bool {
        switch pipes.read(pipes.output) {
        case .bytes(let bytes):
            lastRead = Monotonic.now
            link.received(bytes)
            return true
        case .nothing: return true
        case .end:
            // Before the child has chosen where it speaks, its standard output is no more than a place to print to.
            guard pipes.channelOutput >= 0, link.place == .open else { return false }
            pipes.closeOutput()
            return true
        }
    }

    /// Whether the child chooses the channel: by the first byte there.
    private func readOpenChannel() {
        guard link.place == .open else { return pipes.dropChannel() }
        guard link.canReceive else { return }
        switch pipes.read(pipes.channelOutput) {
        case .bytes(let bytes):
            guard let printed = link.settleChannel() else { return pipes.dropChannel() }
            pipes.useChannel()
            printedLines.append(printed, log)
            link.received(bytes)
        case .nothing: break
        // Children that know nothing of it may close it, or use its numbers for something else.
        case .end: pipes.dropChannel()
        }
    }

    private func readPrints() {
        guard errorBudget.opens(now: Monotonic.now) == nil else { return }
        switch pipes.read(pipes.prints) {
        case .bytes(let bytes):
            errorBudget.take(bytes.count, now: Monotonic.now)
            printedLines.append(bytes, log)
        case .nothing: break
        case .end: pipes.closePrints()
        }
    }

    private func readErrors() {
        guard errorBudget.opens(now: Monotonic.now) == nil else { return }
        switch pipes.read(pipes.errors) {
        case .bytes(let bytes):
            errorBudget.take(bytes.count, now: Monotonic.now)
            errorLines.append(bytes, log)
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
        for _ in 0..<32 {
            if case .bytes(let bytes) = pipes.read(pipes.prints) { printedLines.append(bytes, log) } else { break }
        }
        errorLines.end(log)
        printedLines.end(log)
    }

    // MARK: Life

    /// Only whole messages count: what is no message may be written by anybody, for ever.
    private func noteMessages() {
        guard let last = link.lastMessage, last != lastMessage else { return }
        lastMessage = last
        lastSign = max(lastSign, last)
        hasAnswered = true
        hasShownLife = true
    }

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
                link.sendOwn(link.place == .channel ? heartbeat.channel : heartbeat.standard)
            }
        }
        return nil
    }

    // MARK: Ends

    private func ended() -> String {
        killLeftovers()
        drain()
        return "ended by itself: \(handle.exitStatus.map { "\($0)" } ?? "unknown")\(lastWords)"
    }

    private func closedOutput() -> String {
        awaitEnd(Self.graceNanoseconds)
        return handle.exitStatus == nil
            ? kill("closed its \(isOnChannel ? "end of the channel" : "standard output")") : ended()
    }

    private func closedInput() -> String {
        awaitEnd(Self.graceNanoseconds)
        return handle.exitStatus == nil
            ? kill("closed its \(isOnChannel ? "end of the channel" : "standard input")") : ended()
    }

    private var isOnChannel: Bool { link.place == .channel }

    private func kill(_ reason: String) -> String {
        handle.send(.kill, scope: .group)
        awaitEnd(Self.killNanoseconds)
        killLeftovers()
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
        killLeftovers()
        return "was ended with its task"
    }

    /// Waits for its end; reads meanwhile what it has to say to people, so that it is not held up by that.
    private func awaitEnd(_ nanoseconds: Int64) {
        let deadline = Monotonic.now + nanoseconds
        while handle.exitStatus == nil {
            let now = Monotonic.now
            let left = deadline - now
            guard left > 0 else { return }
            let errorsOpen = errorBudget.opens(now: now)
            var descriptors = [
                pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorsOpen == nil ? pipes.errors : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorsOpen == nil ? pipes.prints : -1, events: Int16(POLLIN), revents: 0),
            ]
            let wait = min(left, errorsOpen.map { $0 - now } ?? .max)
            _ = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: wait / 1_000_000 + 1))
            if descriptors[0].revents != 0 { link.clearWake() }
            readErrors()
            readPrints()
        }
    }

    /// What it started and left behind, also in a session of its own.
    private func killLeftovers() {
        handle.killGroupLeftovers()
        settings.mark.killAll()
    }

    private var lastWords: String {
        errorLines.last.isEmpty ? "" : "; it wrote last: " + errorLines.last.joined(separator: " | ")
    }
}
