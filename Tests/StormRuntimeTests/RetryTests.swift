import StormCore
import StormTestKit
import StormTopology
import StormWire
import Testing

@testable import StormRuntime

private struct Poison: Error {}

/// What a source saw of its messages, and a bolt of its tuples.
private struct Seen: Sendable {
    var asked = 0
    var acked: [Int] = []
    var failed: [Int] = []
    var dead: [Int] = []
    /// Executions by message, with their times in milliseconds of the simulated clock.
    var executed: [Int: [Int64]] = [:]
}

/// Emits 0..<count, one per call, with a text of some bytes.
private final class NumberSpout: Spout {
    static var outputs: Outputs { ["number", "text"] }
    private let seen: Observed<Seen>
    private let count: Int
    private var next = 0

    init(_ seen: Observed<Seen>, count: Int) {
        self.seen = seen
        self.count = count
    }

    func nextTuple(_ out: SpoutCollector) throws {
        guard next < count else { return }
        seen.update { $0.asked += 1 }
        out.emit(id: .int(next), next, "message \(next)")
        next += 1
    }
    func ack(_ id: MessageID) { seen.update { $0.acked.append(id.int ?? -1) } }
    func fail(_ id: MessageID, _ reason: FailureReason) { seen.update { $0.failed.append(id.int ?? -1) } }
    func deadLettered(_ id: MessageID, _ reason: FailureReason) { seen.update { $0.dead.append(id.int ?? -1) } }
}

@Suite struct RetryTests {
    private let seen = Observed(Seen())
    private let clock = SimulatedClock()
    /// Messages that fail; changed by a test to heal them.
    private let poison = Observed<Set<Int>>([])

    private static let policy = RetryPolicy.attempts(
        4, backoff: .exponential(from: .milliseconds(100), to: .seconds(1), jitter: 0))

    private func engine(
        count: Int, poison ids: Set<Int>, policy: RetryPolicy? = policy, letters: any DeadLetterSink,
        maxPending: Int? = nil, fails: @escaping @Sendable (Tuple, Collector) throws -> Void = { $1.fail($0) }
    ) throws -> SteppedEngine {
        poison.update { $0 = ids }
        let (seen, clock, poison) = (seen, clock, poison)
        let topology = try makeTopology { topology in
            let spout = topology.spout("numbers") { NumberSpout(seen, count: count) }
            if let policy { spout.retry(policy) }
            topology.bolt("work") {
                BlockBolt { tuple, out in
                    let number = tuple.int(0)
                    #expect(tuple.string(1) == "message \(number)")
                    seen.update { $0.executed[number, default: []].append(clock.monotonicNanoseconds() / 1_000_000) }
                    if poison.value.contains(number) { try fails(tuple, out) } else { out.ack(tuple) }
                }
            }.shuffle("numbers")
        }
        return try SteppedEngine(
            clock: clock,
            configure: {
                $0.deadLetters = letters
                $0.maxSpoutPending = maxPending
                $0.messageTimeoutSeconds = 3
            }, topology: topology)
    }

    /// The law, from the engine's own counters.
    private func law(_ stepped: SteppedEngine) {
        guard let spout = stepped.engine.steppedStatistics().first(where: { $0.component == "numbers" }) else { return }
        #expect(spout.emitted[.default] == spout.acked + spout.failed + spout.pending, "\(spout)")
        for ledger in stepped.engine.steppedLedgers() {
            #expect(ledger.isBalanced && ledger.untracked == 0, "\(ledger)")
            #expect(ledger.replayed == spout.replayed && ledger.deadLettered == spout.deadLettered)
        }
    }

    @Test func aMessageThatAlwaysFailsIsADeadLetterAfterItsAttemptsAndTheOthersDoNotNotice() throws {
        let letters = InMemoryDeadLetterStore()
        let stepped = try engine(count: 100, poison: [42], letters: letters)
        try stepped.run(seconds: 60) { !seen.value.dead.isEmpty }
        law(stepped)
        let state = seen.value
        #expect(state.dead == [42] && state.failed == [])
        #expect(state.acked.sorted() == (0..<100).filter { $0 != 42 })
        #expect(state.executed[42]?.count == 4)
        #expect(state.executed.values.allSatisfy { $0.count == 1 || $0.count == 4 })
        let letter = try #require(letters.all.first)
        #expect(letters.all.count == 1)
        #expect(letter.component == "numbers" && letter.messageID == "42" && letter.stream == .default)
        #expect(letter.fields == ["number", "text"] && letter.values == [42, "message 42"])
        #expect(letter.attempts == 4 && letter.history.count == 4 && letter.topologyID == "test-1-0")
        #expect(letter.history.allSatisfy { $0.cause.reason == .explicit })
        #expect(stepped.errors.value.isEmpty)
        let spout = try #require(stepped.engine.steppedStatistics().first { $0.component == "numbers" })
        #expect(spout.replayed == 3 && spout.deadLettered == 1 && spout.retrying == 0)
        #expect(spout.acked == 99 && spout.failed == 4 && spout.pending == 0)
    }

    @Test func attemptsAreMadeAfterThePausesOfThePolicy() throws {
        let stepped = try engine(count: 1, poison: [0], letters: InMemoryDeadLetterStore())
        try stepped.run(seconds: 60) { !seen.value.dead.isEmpty }
        let times = try #require(seen.value.executed[0])
        #expect(zip(times, times.dropFirst()).map { $1 - $0 } == [100, 200, 400])
    }

    @Test func aMessageThatHealsIsAckedOnce() throws {
        let letters = InMemoryDeadLetterStore()
        let stepped = try engine(count: 3, poison: [1], letters: letters)
        try stepped.run(seconds: 60) { seen.value.executed[1]?.count == 2 }
        poison.update { $0 = [] }
        try stepped.run(seconds: 60) { seen.value.acked.count == 3 }
        try stepped.run(seconds: 10)
        law(stepped)
        #expect(seen.value.acked.sorted() == [0, 1, 2] && seen.value.failed == [] && seen.value.dead == [])
        #expect(seen.value.executed[1]?.count == 3 && letters.all.isEmpty)
    }

    @Test func exceptionsAndTimeoutsAreRetriedToo() throws {
        let letters = InMemoryDeadLetterStore()
        let stepped = try engine(count: 4, poison: [1, 2], letters: letters) { tuple, _ in
            if tuple.int(0) == 1 { throw Poison() }
            // 2 is never settled.
        }
        try stepped.run(seconds: 100) { seen.value.dead.count == 2 }
        law(stepped)
        #expect(seen.value.acked.sorted() == [0, 3])
        let reasons = Dictionary(
            uniqueKeysWithValues: letters.all.map { ($0.messageID, $0.history.map(\.cause.reason)) })
        #expect(reasons["1"] == Array(repeating: .threw, count: 4))
        #expect(reasons["2"] == Array(repeating: .timeout, count: 4))
    }

    @Test func poisonDoesNotStallASpoutThatMayHaveOneMessagePending() throws {
        let stepped = try engine(
            count: 200, poison: [0, 1, 2], letters: InMemoryDeadLetterStore(), maxPending: 1)
        // Far less than the first pause, which all three wait for.
        let start = clock.monotonicNanoseconds()
        try stepped.run(seconds: 1) { seen.value.acked.count == 197 }
        #expect(clock.monotonicNanoseconds() - start < 100_000_000)
        #expect(seen.value.dead == [])
        try stepped.run(seconds: 60) { seen.value.dead.count == 3 }
        law(stepped)
    }

    @Test func asManyWaitingMessagesAsMayBeHoldTheSpoutBack() throws {
        let policy = RetryPolicy.attempts(3, backoff: .constant(.seconds(1), jitter: 0), maxWaiting: 5)
        let stepped = try engine(
            count: 1000, poison: Set(0..<1000), policy: policy, letters: InMemoryDeadLetterStore(), maxPending: 1)
        try stepped.run(seconds: 0)
        #expect(seen.value.asked == 5)
        try stepped.run(seconds: 60)
        #expect(seen.value.asked > 5 && stepped.errors.value.isEmpty)
        law(stepped)
    }

    @Test func asManyBytesAsMayBeKeptHoldTheSpoutBack() throws {
        let policy = RetryPolicy.attempts(3, backoff: .constant(.seconds(1), jitter: 0), bufferBytes: 60)
        let stepped = try engine(
            count: 1000, poison: Set(0..<1000), policy: policy, letters: InMemoryDeadLetterStore(),
            fails: { _, _ in })
        try stepped.run(seconds: 0)
        // Each message has 9 bytes of number and 14 of text.
        #expect(seen.value.asked == 3)
        law(stepped)
    }

    @Test func aFullStoreKeepsTheMessageInRetryAtTheLongestPauseAndSaysSo() throws {
        let letters = InMemoryDeadLetterStore(lettersMax: 1)
        let stepped = try engine(count: 3, poison: [0, 2], letters: letters)
        try stepped.run(seconds: 20)
        law(stepped)
        #expect(seen.value.dead.count == 1 && seen.value.acked == [1] && letters.all.count == 1)
        #expect(stepped.errors.value.contains { $0.message.contains("topology.dead.letters.max") })
        let left = seen.value.dead == [0] ? 2 : 0
        let times = try #require(seen.value.executed[left])
        #expect(times.count > 15)
        #expect(zip(times, times.dropFirst()).map { $1 - $0 }.suffix(10).allSatisfy { $0 == 1000 })
        let first = try #require(letters.all.first)
        letters.drop(first.id)
        try stepped.run(seconds: 5) { seen.value.dead.count == 2 }
        #expect(letters.all.first?.attempts ?? 0 > 15 && letters.all.first?.history.count ?? 0 <= 20)
        law(stepped)
    }

    @Test func aSpoutThatIsOffEmitsNothingAndItsRetriesGoOnWhenItIsOnAgain() throws {
        let stepped = try engine(count: 5, poison: [0], letters: InMemoryDeadLetterStore())
        try stepped.run(seconds: 0) { seen.value.executed[0]?.count == 1 }
        stepped.engine.setActive(false)
        try stepped.settle()
        let asked = seen.value.asked
        try stepped.run(seconds: 60)
        #expect(seen.value.asked == asked && seen.value.executed[0]?.count == 1 && seen.value.dead == [])
        let spout = stepped.engine.steppedStatistics().first { $0.component == "numbers" }
        #expect(spout?.pending == 0 && spout?.retrying == 1)
        stepped.engine.setActive(true)
        try stepped.run(seconds: 60) { seen.value.dead == [0] }
        law(stepped)
    }

    @Test func whatWaitsWhenTheSpoutIsClosedIsHandedBackToIt() throws {
        let stepped = try engine(count: 5, poison: [3], letters: InMemoryDeadLetterStore())
        try stepped.run(seconds: 0)
        stepped.engine.endStepping()
        #expect(seen.value.failed == [3] && seen.value.dead == [] && seen.value.acked.count == 4)
    }

    @Test func withoutAPolicyTheSpoutHearsOfEachFailure() throws {
        let letters = InMemoryDeadLetterStore()
        let stepped = try engine(count: 5, poison: [3], policy: nil, letters: letters)
        try stepped.run(seconds: 5)
        #expect(seen.value.failed == [3] && letters.all.isEmpty && seen.value.executed[3]?.count == 1)
    }

    // MARK: Replay

    @Test func aDeadLetterThatIsEmittedAgainGetsAllItsAttemptsAndTheSpoutIsNotTold() throws {
        let letters = InMemoryDeadLetterStore()
        let stepped = try engine(count: 2, poison: [1], letters: letters)
        try stepped.run(seconds: 60) { seen.value.dead == [1] }
        let letter = try #require(letters.all.first)
        let outcomes = Observed<[ReplayOutcome]>([])
        #expect(stepped.engine.replay(letter) { outcome in outcomes.update { $0.append(outcome) } })
        try stepped.run(seconds: 60) { !outcomes.value.isEmpty }
        #expect(outcomes.value == [.deadAgain])
        #expect(letters.all.count == 1 && letters.all.first?.id == letter.id && letters.all.first?.attempts == 8)

        poison.update { $0 = [] }
        #expect(stepped.engine.replay(letter) { outcome in outcomes.update { $0.append(outcome) } })
        try stepped.run(seconds: 60) { outcomes.value.count == 2 }
        #expect(outcomes.value.last == .acked)
        #expect(seen.value.dead == [1] && seen.value.acked == [0] && seen.value.failed == [])
        #expect(seen.value.executed[1]?.count == 9)
        law(stepped)
    }

    @Test func aLetterThatDoesNotFitTheTopologyIsRefusedWithTheReason() throws {
        let letters = InMemoryDeadLetterStore()
        let stepped = try engine(count: 1, poison: [0], letters: letters)
        try stepped.run(seconds: 60) { seen.value.dead == [0] }
        let letter = try #require(letters.all.first)
        let outcomes = Observed<[ReplayOutcome]>([])
        var other = letter
        other.values = [1]
        #expect(stepped.engine.replay(other) { outcome in outcomes.update { $0.append(outcome) } })
        other = letter
        other.stream = "none"
        #expect(stepped.engine.replay(other) { outcome in outcomes.update { $0.append(outcome) } })
        try stepped.settle()
        #expect(
            outcomes.value == [
                .refused("stream 'default' has 2 fields, not 1"), .refused("numbers has no stream 'none'"),
            ])
        other = letter
        other.component = "work"
        #expect(!stepped.engine.replay(other) { _ in })
    }

    @Test func aLetterOfATaskThatIsNoMoreBelongsToAnotherOfItsSpout() throws {
        let stepped = try engine(count: 0, poison: [], letters: InMemoryDeadLetterStore())
        let own = try #require(stepped.engine.schema.plan["numbers"]?.tasks.first)
        #expect(stepped.engine.replayTask(component: "numbers", task: own) == own)
        #expect(stepped.engine.replayTask(component: "numbers", task: TaskID(900)) == own)
        #expect(stepped.engine.replayTask(component: "work", task: own) == nil)
    }

    // MARK: With threads

    @Test(.timeLimit(.minutes(2)))
    func poisonAmongManyMessagesOnRealThreads() async throws {
        let letters = InMemoryDeadLetterStore()
        let (seen, count) = (seen, 5000)
        try await withEngine(
            ackers: 2, loops: 3,
            configure: {
                $0.deadLetters = letters
                $0.maxSpoutPending = 200
            },
            build: { topology in
                topology.spout("numbers") { NumberSpout(seen, count: count) }
                    .retry(.attempts(3, backoff: .constant(.milliseconds(2))))
                topology.bolt("work", parallelism: 3) {
                    BlockBolt { tuple, out in
                        if tuple.int(0) % 1000 == 7 { throw Poison() }
                        out.ack(tuple)
                    }
                }.shuffle("numbers")
            }
        ) { engine in
            try await seen.wait("the ends of all messages") { $0.acked.count + $0.dead.count == count }
            let spout = await engine.statistics().first { $0.component == "numbers" }
            #expect(spout?.emitted[.default] == (spout?.acked ?? 0) + (spout?.failed ?? 0))
            #expect(spout?.failed == 15 && spout?.replayed == 10 && spout?.deadLettered == 5)
        }
        #expect(seen.value.dead.sorted() == [7, 1007, 2007, 3007, 4007])
        #expect(Set(seen.value.acked).count == count - 5 && seen.value.failed == [])
        #expect(Set(letters.all.map(\.messageID)) == ["7", "1007", "2007", "3007", "4007"])
    }
}
