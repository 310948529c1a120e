package import Logging
package import StormCore
package import StormRuntime
package import StormTopology

/// A whole topology in one process: the same engine as on a cluster, no ZooKeeper, no sockets.
package struct LocalTopology: Sendable {
    let topology: Topology
    let config: Config
    let logger: Logger

    package init(_ topology: Topology, config: Config, logger: Logger) {
        self.topology = topology
        self.config = config
        self.logger = logger
    }

    /// Why a local run ended.
    package enum End: Sendable, Equatable {
        /// A component called `TaskContext.finish`.
        case finished
        /// `stop` yielded.
        case stopped
    }

    /// Runs until the topology says that it has finished or `stop` yields; then closes all components in order.
    /// - Throws: an invalid topology, or a component that could not start.
    package func run(name: String, stop: AsyncStream<Void>) async throws -> (end: End, statistics: [TaskStatistics]) {
        let plan = try TopologyPlan(
            topology.description, ackers: config[.topologyAckerExecutors] ?? 1,
            maxTaskParallelism: config[.topologyMaxTaskParallelism])
        let (ends, feed) = AsyncStream.makeStream(of: End.self, bufferingPolicy: .bufferingOldest(1))
        var configuration = EngineConfiguration(config, topologyID: name)
        configuration.onFinish = { feed.yield(.finished) }
        configuration.deadLetters = InMemoryDeadLetterStore(
            lettersMax: config[.topologyDeadLettersMax],
            onKept: { [logger] letter in
                logger.warning(
                    "message \(letter.messageID) failed \(letter.attempts) times and ends with this run: \(letter.values)",
                    metadata: ["component.id": "\(letter.component)", "task.id": "\(letter.task)"])
            })
        let engine = TopologyEngine(
            topology, plan: plan, configuration: configuration, logger: logger,
            onError: { [logger] error in
                logger.error(
                    "\(error.message)", metadata: ["component.id": "\(error.component)", "task.id": "\(error.task)"])
            })
        try await engine.start()
        engine.setActive(true)
        let waiting = Task {
            for await _ in stop { feed.yield(.stopped) }
        }
        var end = End.stopped
        for await first in ends {
            end = first
            break
        }
        waiting.cancel()
        engine.setActive(false)
        let statistics = await engine.statistics()
        await engine.stop()
        return (end, statistics)
    }
}
