import StormProcess
import StormSupervisor
import Synchronization
import Testing

/// Workers without processes; strict about two at a time in one folder.
final class FakeLauncher: WorkerLauncher {
    struct State {
        var launches: [WorkerLaunch] = []
        var live: [Int32: FakeWorker] = [:]
        var nextPID: Int32 = 1
        var failures = 0
        var violations: [String] = []
        var known: [String: ProcessIdentity] = [:]
    }

    let state = Mutex(State())

    var launches: [WorkerLaunch] { state.withLock { $0.launches } }
    var live: [FakeWorker] { state.withLock { Array($0.live.values) } }

    /// Two workers at a time on one port, by their logs.
    var violations: [String] { state.withLock { $0.violations } }

    /// The next launches fail.
    func fail(times: Int) { state.withLock { $0.failures = times } }

    func launch(_ launch: WorkerLaunch) async throws -> any WorkerProcess {
        try state.withLock { state in
            state.launches.append(launch)
            if state.failures > 0 {
                state.failures -= 1
                throw ProcessError(.noResources, "no process today")
            }
            let port = WorkerPort.of(launch)
            if let other = state.live.values.first(where: { WorkerPort.of($0.launch) == port }) {
                state.violations.append("\(launch.workingDirectory) beside \(other.launch.workingDirectory) on \(port)")
            }
            let identity = ProcessIdentity(pid: state.nextPID, startTicks: 1, bootID: "fake")
            state.nextPID += 1
            let worker = FakeWorker(identity, launch) { pid in self.state.withLock { $0.live[pid] = nil } }
            state.live[identity.pid] = worker
            return worker
        }
    }

    func adopt(_ identity: ProcessIdentity) async throws -> any WorkerProcess {
        guard let worker = state.withLock({ $0.live[identity.pid] }) else { throw ProcessError(.gone, "gone") }
        return worker
    }

    func find(manifest path: String) async -> ProcessIdentity? {
        live.first { $0.launch.arguments.contains(path) }?.identity
    }

    func endLeftovers(of identity: ProcessIdentity) async {}
}

final class FakeWorker: WorkerProcess {
    private struct State {
        var exit: ProcessExit?
        var waiters: [CheckedContinuation<ProcessExit, Never>] = []
        var terminations = 0
        var kills = 0
        var ignoresTerminate = false
    }

    let identity: ProcessIdentity
    let launch: WorkerLaunch
    private let state = Mutex(State())
    private let onEnd: @Sendable (Int32) -> Void

    init(_ identity: ProcessIdentity, _ launch: WorkerLaunch, onEnd: @escaping @Sendable (Int32) -> Void) {
        self.identity = identity
        self.launch = launch
        self.onEnd = onEnd
    }

    var terminations: Int { state.withLock { $0.terminations } }
    var kills: Int { state.withLock { $0.kills } }
    func ignoreTerminate() { state.withLock { $0.ignoresTerminate = true } }

    func end(_ exit: ProcessExit) {
        let waiters = state.withLock { state in
            state.exit = state.exit ?? exit
            defer { state.waiters = [] }
            return state.waiters
        }
        onEnd(identity.pid)
        for waiter in waiters { waiter.resume(returning: exit) }
    }

    func terminate() {
        let ends = state.withLock { state in
            state.terminations += 1
            return !state.ignoresTerminate
        }
        if ends { end(.exited(code: 0)) }
    }

    func kill() async {
        state.withLock { $0.kills += 1 }
        end(.signaled(.kill, coreDumped: false))
    }

    /// Not cancellable: whoever waits is gone with the test.
    func waitForEnd() async throws -> ProcessExit {
        await withCheckedContinuation { continuation in
            let exit = state.withLock { state in
                if state.exit == nil { state.waiters.append(continuation) }
                return state.exit
            }
            if let exit { continuation.resume(returning: exit) }
        }
    }
}

/// The port of a launch: the folder of its logs.
enum WorkerPort {
    static func of(_ launch: WorkerLaunch) -> String {
        String(launch.outputFile.split(separator: "/").dropLast().last ?? "")
    }

    static func topology(_ launch: WorkerLaunch) -> String {
        String(launch.outputFile.split(separator: "/").dropLast(2).last ?? "")
    }
}
