import ArgumentParser
import Logging
import ServiceLifecycle
import StormConsole
import StormCore
import StormDaemon
import StormRuntime
import StormTransport

struct LogviewerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logviewer",
        abstract: "Shows the logs of this machine's workers on logviewer.port, also while its supervisor is down.",
        discussion: """
            /logs lists topologies, /logs?topology=ID files, /log?file=ID/PORT/worker.log a piece of one (offset, bytes, \
            grep, level, component, since_ms, format=text). storm logs asks here when a supervisor is down. The links to logs \
            of Storm's REST interface lead here, to /api/v1/log and /api/v1/daemonlog.
            """)

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let daemon = try Daemon("logviewer", try options.load())
        let (config, logger) = (daemon.config, daemon.logger)
        let keeping = LogKeeping(config)
        let host = config[.stormLocalHostname] ?? LocalHost.name
        let board = PageBoard("logviewer on \(host)")
        board.add(LogviewerPages(logs: LocalPath.absolute(LogSetup.folder(config))))
        board.add(keeping.pages)
        board.add(keeping.links)
        let asked = config[.logviewerPort]
        let listener: PageListener
        do {
            listener = try await PageListener.start(
                host: LoopbackName.includes(host) ? "127.0.0.1" : "0.0.0.0", port: asked, isOnlyPort: true,
                source: board, logger: logger)
        } catch let error as TransportError where error.code == .portInUse {
            throw CommandFailure("port \(asked) is in use; stop what listens there, or set logviewer.port")
        } catch {
            throw CommandFailure("\(error)")
        }
        let service = LogviewerService(listener: listener, keeping: keeping, logger: logger)
        let exit = await DaemonMain.run([service], config: config, logger: logger)
        guard exit == .success else {
            throw CommandFailure("the log viewer stopped with an error, see its log", exitCode: exit.code)
        }
    }
}

private struct LogviewerService: Service {
    let listener: PageListener
    let keeping: LogKeeping
    let logger: Logger

    func run() async throws {
        let cleaning = Task { await keeping.clean(logger) }
        await withTaskCancellationOrGracefulShutdownHandler {
            await cleaning.value
        } onCancelOrGracefulShutdown: {
            cleaning.cancel()
        }
        await listener.close()
    }
}
