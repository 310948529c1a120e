import StormCore
import StormTestKit
import StormTopology
import StormWire
import Synchronization
import Testing

@testable import StormRuntime

private struct Broken: Error {}

/// An async bolt from a closure; passes its number on when it has one to pass to.
private final class BlockAsyncBolt: AsyncBolt {
    static let outputs: Outputs = ["id"]
    private let body: @Sendable (AsyncTuple, AsyncCollector) async throws -> Void
    private let onCleanup: @Sendable () -> Void

    init(
        cleanup: @escaping @Sendable () -> Void = {},
        _ body: @escaping @Sendable (AsyncTuple, AsyncCollector) async throws -> Void
    ) {
        self.body = body
        onCleanup = cleanup
    }

    func execute(_ tuple: AsyncTuple, _ out: AsyncCollector) async throws { try await body(tuple, out) }
    func cleanup() { onCleanup() }
}

/// Conforms as users will: an actor.
private actor CountingActor: AsyncBolt {
    static let outputs: Outputs = ["id"]
    private var calls = 0

    func execute(_ tuple: AsyncTuple, _ out: AsyncCollector) async throws {
        calls += 1
        await Task.yield()
        out.emit(tuple.int("id"))
    }
}

/// A gate that calls wait at without a thread, until it is opened.
private final class Gate: Sendable {
    private let state = Observed(false)
    let arrived = Observed(0)

    func wait() async throws {
        arrived.update { $0 += 1 }
        try await state.wait("the gate to open") { $0 }
    }
    func open() { state.update { $0 = true } }
}

@Suite struct AsyncBoltTests {
    @Test(.timeLimit(.minutes(1))) func everyTupleIsAckedOnceAfterItsCallReturned() async throws {
        let check = DeliveryCheck()
        try await withEngine(build: { topology in
            topology.spout("source", parallelism: 2) { CheckingSpout(check, count: 5000) }.maxPending(500)
            topology.bolt("async", parallelism: 2) { CountingActor() }.shuffle("source")
            topology.bolt("sink") { CheckingSink(check) }.shuffle("async")
        }) { _ in try await check.wait(acked: 5000) }
        #expect(check.faults(messages: 5000, exactlyOnce: true) == [])
    }

    @Test(.timeLimit(.minutes(1))) func noMoreCallsThanAllowedAreUnderWayAndTheRestWaits() async throws {
        let check = DeliveryCheck()
        let gate = Gate()
        let underWay = Observed((now: 0, most: 0))
        try await withEngine(
            loops: 1,
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 300) }
                topology.bolt("async") {
                    BlockAsyncBolt { tuple, _ in
                        underWay.update { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                        try await gate.wait()
                        check.arrived(tuple.int(0))
                        underWay.update { $0.now -= 1 }
                    }
                }.shuffle("source").maxInFlight(7)
                topology.spout("witnessed") { CheckingSpout(DeliveryCheck(), count: 0) }
            }
        ) { engine in
            defer { gate.open() }
            try await gate.arrived.wait("seven calls") { $0 == 7 }
            // A turn of the executor with the bound reached starts no further call, and does not spin.
            _ = await engine.statistics()
            #expect(gate.arrived.value == 7)
            gate.open()
            try await check.wait(acked: 300)
        }
        #expect(underWay.value.most == 7 && underWay.value.now == 0)
        #expect(check.faults(messages: 300, exactlyOnce: true) == [])
    }

    @Test(.timeLimit(.minutes(1))) func anErrorFailsTheTupleAndNothingThatItEmittedLeaves() async throws {
        let check = DeliveryCheck()
        let errors = ErrorLog([])
        let tries = Observed<[Int: Int]>([:])
        try await withEngine(
            errors: errors,
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 100) }
                topology.bolt("async") {
                    BlockAsyncBolt { tuple, out in
                        let id = tuple.int(0)
                        out.emit(id)
                        let count = tries.update { tries in
                            tries[id, default: 0] += 1
                            return tries[id, default: 0]
                        }
                        if count == 1, id % 2 == 0 { throw Broken() }
                        if count == 1, id % 5 == 0 { throw FailedError() }
                    }
                }.shuffle("source")
                topology.bolt("sink") { CheckingSink(check) }.shuffle("async")
            }
        ) { _ in try await check.wait(acked: 100) }
        #expect(check.faults(messages: 100, exactlyOnce: true) == [])
        #expect(check.state.value.failures == [.threw: 50, .explicit: 10])
        #expect(errors.value.contains { $0.component == "async" && $0.message.hasPrefix("Broken()") })
    }

    @Test(.timeLimit(.minutes(1))) func aCallThatTakesTooLongIsCancelledAndItsTupleFails() async throws {
        let check = DeliveryCheck()
        let cancelled = Observed(0)
        try await withEngine(
            loops: 1, configure: { $0.messageTimeoutSeconds = 1 },
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 3) }
                topology.bolt("async") {
                    let hangs = Atomic<Int>(3)
                    return BlockAsyncBolt { tuple, _ in
                        if hangs.subtract(1, ordering: .relaxed).newValue >= 0 {
                            do {
                                try await Task.sleep(for: .seconds(600))
                            } catch {
                                cancelled.update { $0 += 1 }
                                throw error
                            }
                        }
                        check.arrived(tuple.int(0))
                    }
                }.shuffle("source").maxInFlight(3)
            }
        ) { engine in
            try await cancelled.wait("three cancelled calls") { $0 == 3 }
            try await check.wait(acked: 3)
            let async = try #require(await engine.statistics().first { $0.component == "async" })
            #expect(async.failed == 3 && async.acked >= 3)
        }
        #expect(check.state.value.failures == [.timeout: 3])
    }

    @Test(.timeLimit(.minutes(1))) func closingWaitsForTheCallsUnderWay() async throws {
        let check = DeliveryCheck()
        let gate = Gate()
        let diary = Observed<[String]>([])
        try await withEngine(build: { topology in
            topology.spout("source") { CheckingSpout(check, count: 10) }
            topology.bolt("async") {
                BlockAsyncBolt(cleanup: { diary.update { $0.append("cleanup") } }) { tuple, _ in
                    try await gate.wait()
                    diary.update { $0.append("end") }
                }
            }.shuffle("source")
        }) { _ in
            try await gate.arrived.wait("ten calls") { $0 == 10 }
            gate.open()
        }
        #expect(diary.value == Array(repeating: "end", count: 10) + ["cleanup"])
    }

    @Test(.timeLimit(.minutes(1))) func closingGivesUpOnCallsThatDoNotEnd() async throws {
        let check = DeliveryCheck()
        let cancelled = Observed(0)
        let started = Observed(0)
        try await withEngine(build: { topology in
            topology.spout("source") { CheckingSpout(check, count: 2) }
            topology.bolt("async") {
                BlockAsyncBolt { _, _ in
                    started.update { $0 += 1 }
                    do { try await Task.sleep(for: .seconds(600)) } catch { cancelled.update { $0 += 1 } }
                }
            }.shuffle("source")
        }) { _ in try await started.wait("two calls") { $0 == 2 } }
        #expect(cancelled.value == 2)
        #expect(check.state.value.acked == 0)
    }
}
