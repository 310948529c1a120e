import Glibc
public import Logging
public import ServiceLifecycle
public import StormCore
import Synchronization
import UnixSignals

/// Runs the services of a program until one of them ends or somebody asks the program to stop.
///
/// SIGTERM and SIGINT ask for a graceful stop. A second signal, or a stop that takes longer than
/// `storm.shutdown.grace.secs`, cancels the services; a third, or five seconds more, ends the process.
public enum DaemonMain {
    /// How long cancelled services have before the process ends without them.
    static let cancelLimit = Duration.seconds(5)

    /// - Parameters:
    ///   - grace: time for a graceful stop; nil: `storm.shutdown.grace.secs`.
    ///   - onSignal: is told the name of each signal, `SIGINT` or `SIGTERM`, from any thread.
    /// - Returns: `success` after a stop that was asked for or when all services have ended by themselves, `failure` when
    ///   one of them threw; then its error has been logged.
    public static func run(
        _ services: [any Service], config: Config, grace: Duration? = nil, logger: Logger,
        onSignal: @escaping @Sendable (String) -> Void = { _ in }
    ) async -> DaemonExit {
        signal(SIGPIPE, SIG_IGN)  // a peer that goes away is an error of one write, not the end of the process
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let requests = AsyncStream<String>(bufferingPolicy: .bufferingNewest(4)) { continuation in
            let forwarding = Task {
                for await signal in signals {
                    onSignal("\(signal)")
                    continuation.yield("\(signal)")
                }
            }
            continuation.onTermination = { _ in forwarding.cancel() }
        }
        return await run(
            services, grace: grace ?? config.duration(.stormShutdownGraceSecs), requests: requests,
            clock: ContinuousClock(),
            logger: logger, halt: { _exit($0.code) })
    }

    /// As above with the world injected: requests to stop, the clock, and what ends the process.
    static func run(
        _ services: [any Service], grace: Duration, requests: AsyncStream<String>,
        clock: some Clock<Duration>, logger: Logger, halt: @escaping @Sendable (DaemonExit) -> Void
    ) async -> DaemonExit {
        let group = ServiceGroup(configuration: configuration(services, logger: logger))
        let running = Task { try await group.run() }
        let stopper = Task {
            await stop(
                group, running, policy: StopPolicy(grace: grace, cancelLimit: cancelLimit), requests: requests,
                clock: clock, logger: logger, halt: halt)
        }
        defer { stopper.cancel() }
        do {
            try await running.value
            return running.isCancelled ? .halted : .success
        } catch  where running.isCancelled {
            logger.warning("stopped hard", metadata: .of([.error: "\(error)"]))
            return .halted
        } catch {
            logger.error("stopped by an error", metadata: .of([.error: "\(error)"]))
            return .failure
        }
    }

    private static func configuration(_ services: [any Service], logger: Logger) -> ServiceGroupConfiguration {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)  // the group reports every step of its own
        return ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .cancelGroup)
            }, logger: quiet)
    }

    private enum Occurrence: Sendable { case request(String), deadline(Int) }

    /// Applies the policy's actions until the surrounding task is cancelled.
    private static func stop(
        _ group: ServiceGroup, _ running: Task<Void, any Error>, policy: StopPolicy, requests: AsyncStream<String>,
        clock: some Clock<Duration>, logger: Logger, halt: @escaping @Sendable (DaemonExit) -> Void
    ) async {
        var policy = policy
        let (occurrences, feed) = AsyncStream.makeStream(of: Occurrence.self, bufferingPolicy: .bufferingOldest(16))
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { for await request in requests { feed.yield(.request(request)) } }
            var deadlinesSet = 0
            for await occurrence in occurrences {
                let action: StopPolicy.Action?
                switch occurrence {
                case .request(let name):
                    logger.info("asked to stop", metadata: .of([.signal: "\(name)"]))
                    action = policy.handle(.stopRequested)
                case .deadline(let number):
                    // A deadline that a later action has replaced is of no interest any more.
                    action = number == deadlinesSet ? policy.handle(.deadlinePassed) : nil
                }
                let wait: Duration
                switch action {
                case .stopGracefully(let deadline):
                    await group.triggerGracefulShutdown()
                    wait = deadline
                case .cancel(let deadline):
                    logger.warning("the graceful stop is cut short")
                    running.cancel()
                    wait = deadline
                case .exitNow:
                    logger.error("services do not end; the process ends without them")
                    halt(.halted)
                    continue
                case nil: continue
                }
                deadlinesSet += 1
                let number = deadlinesSet
                tasks.addTask {
                    // Cancelled sleep: the program has ended in time, and nobody reads the feed any more.
                    try? await clock.sleep(for: wait)
                    feed.yield(.deadline(number))
                }
            }
            tasks.cancelAll()
        }
    }
}
