import Logging
import ServiceLifecycle
import StormConsole
import StormCore
import StormDaemon
import StormLocal
import StormRuntime
import Synchronization

/// Runs a topology in this process until it has finished or is interrupted.
struct LocalCommand<T: StormTopology> {
    let call: TopologyCall<T>

    init(_ call: TopologyCall<T>) { self.call = call }

    func run(name: String) async throws {
        let logging = try LogSetup(config: call.config, target: .standardError)
        let logger = logging.logger(name)
        logger.tell(call.config.notices.filter(\.isWarning))
        let local = LocalTopology(call.topology, config: call.config, logger: logger)
        let description = call.topology.description
        let failure = Mutex<String?>(nil)
        let service = StoppableService { stop in
            let end: LocalTopology.End
            let statistics: [TaskStatistics]
            do {
                (end, statistics) = try await local.run(name: name, stop: stop)
            } catch {
                // Told once, as the command's one line on standard error, not by the log too.
                failure.withLock { $0 = "\(error)" }
                return
            }
            let spouts = statistics.filter { description[$0.component]?.kind == .spout }
            let (acked, failed) = (spouts.reduce(0) { $0 + $1.acked }, spouts.reduce(0) { $0 + $1.failed })
            logger.info("\(end == .finished ? "finished" : "stopped"): \(acked) messages acked, \(failed) failed")
        }
        let exit = await DaemonMain.run([service], config: call.config, logger: logger)
        if let text = failure.withLock({ $0 }) { throw CommandFailure(text) }
        if exit != .success { throw CommandFailure("the topology was stopped hard", exitCode: exit.code) }
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
