import Glibc
import StormCore
import StormTopology
import StormWire
import Synchronization

extension MicroBenchmark {
    static let handOver = MicroBenchmark(name: "hand-over", unit: "batch passed to another thread and back") {
        operations in
        let ring = Ring()
        let topology = try RunSpecification(.constSpoutOnly).topology(ScheduleLatency()).description
        let schema = Schema(topology, plan: try TopologyPlan(topology, ackers: 0))
        for _ in 0..<16 { _ = ring.there.push(Batch(capacityBytes: 64, schema: schema)) }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(ring)
        let failure = pthread_create(&thread, nil, passBack, argument.toOpaque())
        guard failure == 0 else {
            argument.release()
            throw PerfError("no thread: \(String(cString: strerror(failure)))")
        }
        var passed = 0
        while passed < operations {
            var chain = ring.back.takeAll()
            while let batch = chain.popFirst() {
                passed += 1
                _ = ring.there.push(batch)
            }
        }
        ring.isOver.store(true, ordering: .releasing)
        pthread_join(thread, nil)
        return UInt64(passed)
    }
}

/// Two queues between two threads.
private final class Ring: Sendable {
    let there = BatchQueue()
    let back = BatchQueue()
    let isOver = Atomic<Bool>(false)
}

private func passBack(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let ring = Unmanaged<Ring>.fromOpaque(argument).takeRetainedValue()
    while !ring.isOver.load(ordering: .acquiring) {
        var chain = ring.there.takeAll()
        while let batch = chain.popFirst() { _ = ring.back.push(batch) }
    }
    return nil
}
