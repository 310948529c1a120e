import Logging
import ServiceLifecycle
import StormConsole
package import StormCore
import StormDaemon
import StormLocal
import StormRuntime
package import StormTopology
import Synchronization

/// Runs a topology in this process until it has finished, is interrupted, or its time is over.
struct LocalCommand<T: StormTopology> {
    let call: TopologyCall<T>

    init(_ call: TopologyCall<T>) { self.call = call }

    func run(name: String, limit: Duration?) async throws {
        try await LocalRun(call.topology, config: call.config).run(name: name, limit: limit)
    }
}

/// A topology in this process as a command.
package struct LocalRun: Sendable {
    private let topology: Topology
    private let config: Config

    package init(_ topology: Topology, config: Config) {
        self.topology = topology
        self.config = config
    }

    /// Runs until the topology has finished or the process is asked to stop.
    /// - Parameter limit: the longest it runs; nil: for ever.
    /// - Throws: `CommandFailure`; with the status of the signal when one ended the run before the topology had finished.
    package func run(name: String, limit: Duration? = nil) async throws {
        let logging = try LogSetup(config: config, target: .standardError)
        let logger = logging.logger(name)
        logger.tell(config.notices.filter(\.isWarning))
        let local = LocalTopology(topology, config: config, logger: logger)
        let description = topology.description
        let failure = Mutex<String?>(nil)
        let hasFinished = Mutex(false)
        let signal = Mutex<String?>(nil)
        let service = StoppableService { stop in
            let end: LocalTopology.End
            let statistics: [TaskStatistics]
            do {
                (end, statistics) = try await local.run(name: name, stop: Self.limited(stop, limit, logger))
            } catch {
                // Told once, as the command's one line on standard error, not by the log too.
                failure.withLock { $0 = "\(error)" }
                return
            }
            hasFinished.withLock { $0 = end == .finished }
            let spouts = statistics.filter { description[$0.component]?.kind == .spout }
            let (acked, failed) = (spouts.reduce(0) { $0 + $1.acked }, spouts.reduce(0) { $0 + $1.failed })
            logger.info("\(end == .finished ? "finished" : "stopped"): \(acked) messages acked, \(failed) failed")
        }
        let exit = await DaemonMain.run([service], config: config, logger: logger) { name in
            signal.withLock { $0 = $0 ?? name }
        }
        if let text = failure.withLock({ $0 }) { throw CommandFailure(text) }
        if exit != .success { throw CommandFailure("the topology was stopped hard", exitCode: exit.code) }
        if let name = signal.withLock({ $0 }), !hasFinished.withLock({ $0 }) {
            throw CommandFailure("ended by \(name)", name == "SIGINT" ? .interrupted : .terminated)
        }
    }

    /// `stop`, and once more when the time is over.
    private static func limited(
        _ stop: AsyncStream<Void>, _ limit: Duration?, _ logger: Logger
    ) -> AsyncStream<Void> {
        guard let limit else { return stop }
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { feed in
            let forwarding = Task { for await _ in stop { feed.yield() } }
            let waiting = Task {
                // Cancelled: the run has ended before, and nobody listens any more.
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                logger.info("its time is over (storm local --local-ttl, flux --sleep; 0 is for ever): \(limit)")
                feed.yield()
            }
            feed.onTermination = { _ in
                forwarding.cancel()
                waiting.cancel()
            }
        }
    }
}

/// A piece of work that ends in order when asked to.
struct StoppableService: Service {
    let body: @Sendable (_ stop: AsyncStream<Void>) async throws -> Void

    func run() async throws {
        let (stop, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withGracefulShutdownHandler {
            try await body(stop)
        } onGracefulShutdown: {
            feed.yield()
        }
    }
}
