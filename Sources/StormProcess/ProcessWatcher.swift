internal import CStormSystem
internal import Glibc
internal import Synchronization

/// The one thread that starts children, sees processes end and reaps them, each exactly once.
///
/// Others hand it commands through a short bounded list and wake it by an eventfd; everything else it owns is in
/// ``WatchTable``, which never leaves the thread.
final class ProcessWatcher: Sendable {
    typealias Reply = @Sendable (Result<ProcessHandle, ProcessError>) -> Void

    enum Command: Sendable {
        case spawn(SpawnCall, Reply)
        case adopt(ProcessIdentity, Reply)
    }

    /// Started at first use, never stopped. A failure (no descriptors, no thread) stays for the life of the process.
    static let shared: Result<ProcessWatcher, ProcessError> = Result { () throws(ProcessError) in try ProcessWatcher() }

    private static let commandsMax = 4096

    private let epoll: Int32
    private let wake: Int32
    private let commands = Mutex<[Command]>([])

    private init() throws(ProcessError) {
        epoll = storm_epoll_create()
        wake = storm_eventfd()
        guard epoll >= 0, wake >= 0, storm_epoll_add(epoll, wake, WatchTable.wakeToken) == 0 else {
            throw ProcessError(.noResources, "cannot watch processes: no descriptors left")
        }
        var thread = pthread_t()
        let me = Unmanaged.passRetained(self)
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ProcessWatcher>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, me.toOpaque())
        guard result == 0 else {
            me.release()
            throw ProcessError(.noResources, "cannot watch processes: no thread", errorNumber: result)
        }
        pthread_detach(thread)
    }

    /// Never blocks. The reply comes on the watcher's thread, or at once on this one if too much is waiting.
    func submit(_ command: Command) {
        let isAccepted = commands.withLock { commands in
            guard commands.count < Self.commandsMax else { return false }
            commands.append(command)
            return true
        }
        guard isAccepted else {
            let error = ProcessError(.noResources, "\(Self.commandsMax) processes wait to be started; try again later")
            switch command {
            case .spawn(_, let reply), .adopt(_, let reply): return reply(.failure(error))
            }
        }
        _ = storm_eventfd_signal(wake)  // fails only when a wake-up is pending anyway
    }

    private func run() {
        // Signals meant for the program go to its other threads.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        storm_name_thread("storm-process")

        let table = WatchTable(epoll: epoll)
        var tokens = [UInt64](repeating: 0, count: 64)
        while true {
            let count = storm_epoll_wait(epoll, &tokens, Int32(tokens.count))
            precondition(count >= 0, "epoll_wait on a descriptor of ours cannot fail")
            for token in tokens[0..<Int(count)] {
                if token == WatchTable.wakeToken {
                    _ = storm_eventfd_clear(wake)
                } else {
                    table.ready(token)
                }
            }
            for command in commands.withLock({
                let all = $0; $0 = []; return all
            }) {
                switch command {
                case .spawn(let call, let reply): reply(table.spawn(call))
                case .adopt(let identity, let reply): reply(table.adopt(identity))
                }
            }
        }
    }
}
