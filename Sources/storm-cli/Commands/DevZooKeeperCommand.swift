import ArgumentParser
import ServiceLifecycle
import StormConsole
import StormCore
import StormDaemon
import StormProcess
import ZooKeeperServer

struct DevZooKeeperCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev-zookeeper",
        abstract: "Runs an empty ZooKeeper on storm.zookeeper.port; its data in dev.zookeeper.path is deleted first.")

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let config = try options.loadForPrompt()
        let logging = try LogSetup(config: config, target: .standardError)
        let service = ZooKeeperService(folder: config[.devZookeeperPath], port: config[.stormZookeeperPort])
        let exit = await DaemonMain.run([service], config: config, logger: logging.logger("dev-zookeeper"))
        throw ExitCode(exit.code)
    }
}

/// A throw-away ZooKeeper as a service.
private struct ZooKeeperService: Service {
    let folder: String
    let port: Int

    func run() async throws {
        let lock = try await ThrowawayFolder.take(folder)
        defer { withExtendedLifetime(lock) {} }
        var configuration = ZooKeeperServerConfiguration()
        configuration.stateDirectory = folder
        configuration.port = port
        let server = try await ZooKeeperServer.start(configuration)
        Output.line("zookeeper ready on \(server.connectString); data in \(folder)")
        let end = try await withTaskCancellationOrGracefulShutdownHandler {
            try await server.waitForExit()
        } onCancelOrGracefulShutdown: {
            Task { try await server.stop() }
        }
        if !Task.isShuttingDownGracefully {
            throw CommandFailure(
                "ZooKeeper ended by itself, with \(end): \(server.lastLogLines().suffix(5).joined(separator: " | "))")
        }
    }
}
