import Foundation
import StormCore
import StormTestKit
import StormTopology
import Synchronization
import Testing

@testable import StormRuntime

/// A door that bolts wait at, on their thread, until a test opens it; it opens by itself after a minute.
private final class Door: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let opened = Atomic<Bool>(false)
    let waiting = Observed(0)

    func wait() {
        guard !opened.load(ordering: .relaxed) else { return }
        waiting.update { $0 += 1 }
        if semaphore.wait(timeout: .now() + .seconds(60)) == .success { semaphore.signal() }
    }

    func open() {
        opened.store(true, ordering: .relaxed)
        semaphore.signal()
    }
}

@Suite struct BlockingBoltTests {
    @Test(.timeLimit(.minutes(1))) func aBlockedBoltDoesNotStopItsNeighbours() async throws {
        let door = Door()
        let blocked = DeliveryCheck()
        let free = DeliveryCheck()
        try await withEngine(
            loops: 1,
            build: { topology in
                topology.spout("stuckSource") { CheckingSpout(blocked, count: 100) }
                topology.bolt("stuck") {
                    BlockBolt { tuple, out in
                        door.wait()
                        blocked.arrived(tuple.int(0))
                        out.ack(tuple)
                    }
                }.shuffle("stuckSource")
                topology.spout("source") { CheckingSpout(free, count: 5000) }.maxPending(100)
                topology.bolt("sink") { CheckingSink(free) }.shuffle("source")
            }
        ) { engine in
            defer { door.open() }
            try await door.waiting.wait("the bolt to block") { $0 == 1 }
            try await free.wait(acked: 5000)
            #expect(blocked.state.value.acked == 0)
            let stuck = try #require(engine.placement().entries.first { $0.component == "stuck" })
            // On a busy machine others may look stuck, too, while their thread waits for a core.
            #expect(stuck.isDedicated && stuck.loop > 0)
            door.open()
            try await blocked.wait(acked: 100)
        }
        #expect(blocked.faults(messages: 100, exactlyOnce: true) == [])
        #expect(free.faults(messages: 5000, exactlyOnce: true) == [])
    }

    @Test(.timeLimit(.minutes(1))) func eachOfManyBlockedBoltsGetsOneThreadAndOrderIsKept() async throws {
        let doors = (0..<6).map { _ in Door() }
        let check = DeliveryCheck()
        let lastByTask = Observed<[Int: Int]>([:])
        let faults = Observed(0)
        try await withEngine(
            loops: 1,
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 6000) }.maxPending(1000)
                topology.bolt("blocking", parallelism: 6) {
                    var index = 0
                    return BlockBolt(
                        prepare: { context, _ in index = context.taskIndex },
                        execute: { tuple, out in
                            doors[index].wait()
                            let id = tuple.int(0)
                            lastByTask.update { last in
                                if last[index, default: -1] >= id { faults.update { $0 += 1 } }
                                last[index] = id
                            }
                            check.arrived(id)
                            out.ack(tuple)
                        })
                }.shuffle("source")
            }
        ) { engine in
            defer { for door in doors { door.open() } }
            for door in doors { try await door.waiting.wait("a bolt to block") { $0 == 1 } }
            // The last one to block may have nobody behind it.
            let blocking = engine.placement().entries.filter { $0.component == "blocking" }
            #expect((5...6).contains(blocking.count { $0.isDedicated }))
            for door in doors { door.open() }
            try await check.wait(acked: 6000)
            // One for each bolt and one for the others; on a busy machine spout and acker may look stuck, too.
            #expect(engine.loops.count <= 9)
        }
        #expect(check.faults(messages: 6000, exactlyOnce: true) == [])
        #expect(faults.value == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aComponentThatAsksForItGetsAThreadPerExecutor() async throws {
        let check = DeliveryCheck()
        let threads = Observed<[String: Set<UInt>]>([:])
        try await withEngine(
            loops: 1,
            build: { topology in
                topology.spout("source") { CheckingSpout(check, count: 1000) }.dedicatedThread()
                topology.bolt("own", parallelism: 2) {
                    var task = ""
                    return BlockBolt(
                        prepare: { context, _ in task = "\(context.task)" },
                        execute: { tuple, out in
                            let thread = UInt(pthread_self())
                            threads.update { _ = $0[task, default: []].insert(thread) }
                            check.arrived(tuple.int(0))
                            out.ack(tuple)
                        })
                }.shuffle("source").dedicatedThread()
            }
        ) { engine in
            try await check.wait(acked: 1000)
            let entries = engine.placement().entries
            let asked = entries.filter { ["own", "source"].contains($0.component) }
            #expect(asked.count == 3 && asked.allSatisfy(\.isDedicated))
            #expect(Set(entries.map(\.loop)).count == 4)
            #expect(threads.value.count == 2 && threads.value.values.allSatisfy { $0.count == 1 })
            #expect(Set(threads.value.values.flatMap { $0 }).count == 2)
        }
        #expect(check.faults(messages: 1000, exactlyOnce: true) == [])
    }
}
