import Logging
import StormCore
import StormRuntime
import StormTopology
import StormWire
import Testing

@testable import StormLocal

/// Emits the numbers below a limit and says when all are acked.
private final class Numbers: Spout {
    static let outputs: Outputs = ["number"]
    private let limit: Int
    private var next = 0
    private var acked = 0
    private var again: [Int] = []
    private var context: TaskContext?

    init(_ limit: Int) { self.limit = limit }

    func open(_ context: TaskContext, _ out: SpoutCollector) { self.context = context }

    func nextTuple(_ out: SpoutCollector) {
        if let number = again.popLast() { return out.emit(id: .int(number), number) }
        guard next < limit else { return }
        next += 1
        out.emit(id: .int(next), next)
    }

    func ack(_ id: MessageID) {
        acked += 1
        if acked == limit { context?.finish() }
    }

    func fail(_ id: MessageID, _ reason: FailureReason) { if let number = id.int { again.append(number) } }
}

private struct Refused: Error {}

private final class RefusesEveryTenthOnce: BasicBolt {
    private var seen: Set<Int> = []

    func execute(_ tuple: Tuple, _ out: BasicCollector) throws {
        let number = tuple.int("number")
        if number % 10 == 0, seen.insert(number).inserted { throw Refused() }
    }
}

private final class CannotStart: BasicBolt {
    func prepare(_ context: TaskContext) throws { throw Refused() }
    func execute(_ tuple: Tuple, _ out: BasicCollector) {}
}

@Suite struct LocalTopologyTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    /// Never asks to stop.
    private let never = AsyncStream<Void> { _ in }

    @Test(.timeLimit(.minutes(1))) func endsWhenTheTopologyHasFinishedAndAllIsAcked() async throws {
        let builder = TopologyBuilder()
        builder.spout("numbers") { Numbers(1000) }
        builder.bolt("sink") { RefusesEveryTenthOnce() }.fields("numbers", "number")
        let local = LocalTopology(try builder.build(), config: .defaults, logger: quiet)
        let (end, statistics) = try await local.run(name: "test", stop: never)
        #expect(end == .finished)
        let spout = try #require(statistics.first { $0.component == "numbers" })
        #expect(spout.acked == 1000 && spout.failed == 100 && spout.pending == 0)
    }

    @Test(.timeLimit(.minutes(1))) func endsWhenAskedTo() async throws {
        let builder = TopologyBuilder()
        builder.spout("numbers") { Numbers(.max) }
        builder.bolt("sink") { RefusesEveryTenthOnce() }.shuffle("numbers")
        builder.set("topology.max.spout.pending", 100)
        let local = LocalTopology(
            try builder.build(),
            config: try Config.resolve([ConfigLayer(["topology.max.spout.pending": 100], from: .program("test"))]),
            logger: quiet)
        let (stop, feed) = AsyncStream.makeStream(of: Void.self)
        feed.yield()
        #expect(try await local.run(name: "test", stop: stop).end == .stopped)
    }

    @Test(.timeLimit(.minutes(1))) func componentThatCannotStartIsNamed() async throws {
        let builder = TopologyBuilder()
        builder.spout("numbers") { Numbers(1) }
        builder.bolt("broken") { CannotStart() }.shuffle("numbers")
        let local = LocalTopology(try builder.build(), config: .defaults, logger: quiet)
        await #expect {
            _ = try await local.run(name: "test", stop: never)
        } throws: { "\($0)".contains("component 'broken' could not start") }
    }
}
