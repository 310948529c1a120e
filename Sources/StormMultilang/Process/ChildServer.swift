import Dispatch
import Glibc
import Logging
import StormProcess

/// The thread that starts a task's child, moves bytes between its pipes and the link, notices when it hangs or ends, and
/// starts it again. All that blocks or waits is here; the executor never does.
final class ChildServer: Sendable {
    struct Settings: Sendable {
        var program: ChildProgram
        /// The first message.
        var handshake: [UInt8]
        /// Whether a child may use the channel.
        var hasChannel: Bool
        /// What a bolt is sent to make it show that it lives; nil: of a spout, which answers its commands.
        var heartbeat: Heartbeat?
        /// Silence after which a child counts as stuck.
        var timeoutNanoseconds: Int64
        /// The same, until its first answer.
        var startNanoseconds: Int64
        var pids: PidFolder
        /// In the environment of all that the child starts.
        var mark: DescendantMark
        var logger: Logger
    }

    struct Heartbeat: Sendable {
        /// To a child that speaks on its standard input and output, and to one on the channel.
        var standard: [UInt8]
        var channel: [UInt8]
    }

    let link: ChildLink
    let settings: Settings
    private let finished = DispatchSemaphore(value: 0)

    init(_ settings: Settings, link: ChildLink) {
        self.settings = settings
        self.link = link
    }

    /// - Throws: `MultilangError` when there is no thread.
    func start() throws(MultilangError) {
        var thread = pthread_t()
        let me = Unmanaged.passRetained(self)
        guard pthread_create(&thread, nil, childServerMain, me.toOpaque()) == 0 else {
            me.release()
            throw MultilangError("no thread for a child process")
        }
        pthread_detach(thread)
    }

    /// Ends the child, and waits for that a few seconds at most. Call once.
    func stop() {
        link.stop()
        _ = finished.wait(timeout: .now() + .seconds(4))
    }

    fileprivate func main() {
        // Signals are for others; a child that does not read is an error of one write.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        var pause = RestartPause()
        var restarts = 0
        while !link.isStopping {
            let started = Monotonic.now
            var reason = run()
            let now = Monotonic.now
            let rest = pause.next(lived: now - started)
            if !link.isStopping {
                reason += " (restarts so far: \(restarts); the next one in \(rest / 1_000_000) ms)"
                // Always: error records are few, and other errors of the component may crowd them out.
                settings.logger.warning("\(reason)")
            }
            link.ended(reason)
            wait(until: now + rest)
            restarts += 1
        }
        settings.pids.removeIfEmpty()
        finished.signal()
    }

    /// Until the pause is over and the executor has heard of the child's end.
    private func wait(until deadline: Int64) {
        while !link.isStopping {
            let left = deadline - Monotonic.now
            let isReleased = link.isReleased
            if left <= 0, isReleased { return }
            var wake = pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&wake, 1, left <= 0 ? 1000 : Int32(clamping: left / 1_000_000 + 1))
            link.clearWake()
        }
    }

    /// Starts a child and serves it to its end. - Returns: why it ended.
    private func run() -> String {
        do {
            let pipes = try ChildPipes(hasChannel: settings.hasChannel)
            let handle = try ChildProcess.spawnBlocking(
                try settings.program.specification(pipes, mark: settings.mark))
            pipes.closeChildEnds()
            link.begin(settings.handshake)
            let link = link
            Task {
                // Nobody cancels this task, so there is no error.
                _ = try? await handle.waitForExit()
                link.wake()
            }
            let visit = ChildVisit(handle, pipes, settings, link)
            let reason = visit.serve()
            settings.pids.remove(handle.pid)
            return "the process of \(settings.program.text) (pid \(handle.pid)) \(reason)"
        } catch {
            return "\(settings.program.text): \(error)"
        }
    }
}

private func childServerMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<ChildServer>.fromOpaque(argument).takeRetainedValue().main()
    return nil
}
