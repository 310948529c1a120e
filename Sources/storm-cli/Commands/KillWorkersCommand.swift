import ArgumentParser
import Logging
import StormConsole
import StormCore
import StormDaemon
import StormProcess
import StormSupervisor

struct KillWorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill_workers",
        abstract: "Ends all workers of this machine; a supervisor that runs starts them again.",
        discussion: """
            With the supervisor's own configuration (storm.local.dir), as the user that it runs as. A worker is asked to \
            stop, and killed after supervisor.worker.shutdown.sleep.secs.

            Exit status: 0; 1 when a worker runs still, or no supervisor has worked here.
            """)

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let config = try options.loadForPrompt()
        let logger = try LogSetup(config: config, target: .standardError).logger("kill_workers")
        let paths = SupervisorPaths(
            local: LocalPath.absolute(config[.stormLocalDir]), logs: LocalPath.absolute(LogSetup.folder(config)))
        let killer = WorkerKiller(
            paths: paths, launcher: ChildWorkerLauncher(),
            grace: config.duration(.supervisorWorkerShutdownSleepSecs), logger: logger)
        let (workers, supervisorRuns) = try await reading { try await killer.run() }
        if json {
            Output.line(try JSONOutput.text(workers))
        } else if workers.isEmpty {
            Output.line("There are no workers.")
        } else {
            for worker in workers { Output.line(Self.line(worker)) }
        }
        if supervisorRuns, !workers.isEmpty {
            Output.errorLine("storm: kill_workers: a supervisor runs here, it starts them again")
        }
        let left = workers.filter { $0.outcome == .running }.map { "\($0.port)" }
        guard left.isEmpty else { throw CommandFailure("still running: ports \(left.joined(separator: ", "))") }
    }

    private func reading<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch let error as SupervisorError {
            throw CommandFailure(error.message)
        }
    }

    private static func line(_ worker: WorkerKiller.Report) -> String {
        let process = worker.pid.map { " (pid \($0))" } ?? ""
        let outcome =
            switch worker.outcome {
            case .stopped: "Stopped"
            case .killed: "Killed"
            case .gone: "Gone already"
            case .running: "Still running"
            }
        return "\(outcome): worker \(worker.port) of \(worker.topologyID)\(process)"
    }
}
