import ArgumentParser
import Logging
import ServiceLifecycle
import StormConsole
import StormCore
import StormDaemon
import StormThrift
import StormTransport
import StormUI

struct UICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ui", abstract: "Serves the web page of the cluster, and Storm's REST interface under /api/v1.",
        discussion: "Listens on ui.host and ui.port; asks the nimbus that leads (nimbus.seeds) at each request.")

    @OptionGroup var options: ConfigOptions

    func run() async throws {
        let daemon = try Daemon("ui", try options.load())
        let config = daemon.config
        let pages = WebUI(LeadingNimbus(config), UISettings(config)) { path, host, port in
            let answer = try await PageClient.get(path, from: WorkerPlace(host: host, port: port), within: .seconds(2))
            return (answer.status, answer.body)
        }
        let listener: PageListener
        do {
            listener = try await PageListener.start(
                host: config[.uiHost], port: config[.uiPort], isOnlyPort: true, source: pages, logger: daemon.logger)
        } catch let error as TransportError where error.code == .portInUse {
            throw CommandFailure("port \(config[.uiPort]) is in use; stop what listens there, or set ui.port")
        } catch {
            throw CommandFailure("\(error)")
        }
        daemon.logger.info("ui listens", metadata: ["host": "\(config[.uiHost])", "port": "\(listener.port)"])
        let exit = await DaemonMain.run([UntilShutdown()], config: config, logger: daemon.logger)
        await listener.close()
        guard exit != .success else { return }
        throw CommandFailure("the daemon stopped with an error, see its log", exitCode: exit.code)
    }
}

/// Does nothing until it is told to stop.
private struct UntilShutdown: Service {
    func run() async throws { try await gracefulShutdown() }
}

/// A connection to the leader for each request; the connection is closed whatever happens.
private struct LeadingNimbus: NimbusSource {
    private let seeds: [String]
    private let port: Int
    private let settings: NimbusClient.Configuration

    init(_ config: Config) {
        seeds = config[.nimbusSeeds]
        port = config[.nimbusThriftPort]
        var settings = NimbusClient.Configuration()
        // A browser asks again by itself: better a clear answer now than a late one.
        settings.connectTimeout = .seconds(3)
        settings.discoveryTimeout = .seconds(3)
        settings.callTimeout = .seconds(7)
        self.settings = settings
    }

    func withLeader<Result: Sendable>(
        _ body: @Sendable (any StormThrift.NimbusService) async throws -> Result
    ) async throws -> Result {
        let client = try await NimbusClient.leader(seeds: seeds, port: port, configuration: settings)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}

extension UISettings {
    fileprivate init(_ config: Config) {
        self.init(version: StormVersion.current.version)
        title = config[.uiTitle]
        bugtrackerURL = config[.uiProjectBugtrackerUrl]
        centralLogURL = config[.uiCentralLoggingUrl]
        logviewerPort = config[.logviewerPort]
        supervisorPort = config[.supervisorHttpPort]
        nimbusPort = config[.nimbusHttpPort]
    }
}
