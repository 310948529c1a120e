import Logging
import ServiceLifecycle
@testable import StormDaemon
import StormTestSupport
import Synchronization
import Testing

@Suite struct StopPolicyTests {
    typealias Event = StopPolicy.Event
    typealias Action = StopPolicy.Action
    static let graceful = Action.stopGracefully(deadline: .seconds(10))
    static let cancel = Action.cancel(deadline: .seconds(5))

    @Test(
        arguments: [
            ([.stopRequested], [graceful]), ([.stopRequested, .stopRequested], [graceful, cancel]),
            ([.stopRequested, .deadlinePassed], [graceful, cancel]),
            ([.stopRequested, .deadlinePassed, .deadlinePassed], [graceful, cancel, .exitNow]),
            ([.stopRequested, .stopRequested, .stopRequested], [graceful, cancel, .exitNow]),
            ([.deadlinePassed], [nil]),
            ([.stopRequested, .stopRequested, .stopRequested, .stopRequested], [graceful, cancel, .exitNow, nil]),
        ] as [([Event], [Action?])])
    func eachRequestIsHarderThanTheLast(events: [Event], actions: [Action?]) {
        var policy = StopPolicy(grace: .seconds(10), cancelLimit: .seconds(5))
        var seen: [Action?] = []
        for event in events { seen.append(policy.handle(event)) }
        #expect(seen == actions)
    }
}

/// Ends as it is told, and says when it has started.
private struct ScriptedService: Service {
    enum Ending: Sendable { case returnsOnShutdown, returnsOnCancel, throwsAtOnce, returnsAtOnce }
    struct Failure: Error, CustomStringConvertible { let description = "out of luck" }

    let ending: Ending
    let started: AsyncStream<Void>.Continuation

    func run() async throws {
        started.yield()
        switch ending {
        case .returnsOnShutdown: try await gracefulShutdown()
        case .returnsOnCancel: try await Task.sleep(for: .seconds(3600))
        case .throwsAtOnce: throw Failure()
        case .returnsAtOnce: return
        }
    }
}

@Suite struct DaemonMainTests {
    private let log = RecordingLog()

    private func run(_ ending: ScriptedService.Ending, requests count: Int) async -> DaemonExit {
        let (started, startedFeed) = AsyncStream.makeStream(of: Void.self)
        let (requests, feed) = AsyncStream.makeStream(of: String.self)
        async let exit = DaemonMain.run(
            [ScriptedService(ending: ending, started: startedFeed)], grace: .seconds(60), requests: requests,
            clock: ContinuousClock(), logger: log.logger(), halt: { _ in })
        for await _ in started { break }
        for _ in 0..<count { feed.yield("SIGTERM") }
        return await exit
    }

    @Test func aRequestStopsTheServicesGracefully() async {
        #expect(await run(.returnsOnShutdown, requests: 1) == .success)
        #expect(log.messages() == ["asked to stop"])
    }

    @Test func aSecondRequestCancels() async {
        #expect(await run(.returnsOnCancel, requests: 2) == .halted)
        #expect(log.messages(atLeast: .warning).contains("the graceful stop is cut short"))
    }

    @Test func aServiceThatFailsEndsTheProgramWithItsErrorInTheLog() async {
        #expect(await run(.throwsAtOnce, requests: 0) == .failure)
        #expect(log.records.contains { $0.level == .error && $0.metadata["error"]?.contains("out of luck") == true })
    }

    @Test func aServiceThatEndsByItselfEndsTheProgram() async {
        #expect(await run(.returnsAtOnce, requests: 0) == .success)
    }

    @Test func aGraceThatRunsOutCancels() async {
        let (requests, feed) = AsyncStream.makeStream(of: String.self)
        let (started, startedFeed) = AsyncStream.makeStream(of: Void.self)
        async let exit = DaemonMain.run(
            [ScriptedService(ending: .returnsOnCancel, started: startedFeed)], grace: .milliseconds(1),
            requests: requests, clock: ContinuousClock(), logger: log.logger(), halt: { _ in })
        for await _ in started { break }
        feed.yield("SIGTERM")
        #expect(await exit == .halted)
    }
}
