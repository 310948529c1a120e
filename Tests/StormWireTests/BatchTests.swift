import StormCore
import StormWire
import Synchronization
import Testing

@Suite struct BatchTests {
    @Test func theBytesOfABatchAreFixed() throws {
        let batch = sampleBatch([([(0x0102, 0xA0B0)], [.int(1), "x"])], try sampleSchema())
        let header: [UInt8] = [
            73, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
        ]
        let tuple: [UInt8] = [
            41, 0, 0, 0, 1, 0, 1, 0, 2, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0xB0, 0xA0, 0, 0, 0, 0, 0, 0,
            3, 1, 0, 0, 0, 0, 0, 0, 0, 5, 1, 0, 0, 0, 0x78,
        ]
        #expect(Array(frame(batch).prefix(32)) == header)
        #expect(Array(frame(batch).dropFirst(32)) == tuple)
        #expect(batch.kind == .tuples && batch.destinationTask == 2 && batch.sourceTask == 3)
        #expect(batch.count == 1 && batch.sequence == 1)
    }

    @Test func ackRecordsComeBackAndUnknownKindsDoNot() {
        let p = UnsafeMutableRawPointer.allocate(byteCount: AckRecord.byteCount, alignment: 8)
        defer { p.deallocate() }
        for kind: AckRecord.Kind in [.start, .ack, .fail, .resetTimeout, .completed, .failed, .abandon] {
            let record = AckRecord(kind, root: .max - 1, value: 0x1234, task: -1, reason: .workerLost)
            record.write(at: p)
            #expect(AckRecord(at: p) == record)
        }
        p.put(UInt8(8), 20)
        #expect(AckRecord(at: p) == nil)
        p.put(UInt8(1), 20)
        p.put(UInt8(99), 21)
        #expect(AckRecord(at: p) == nil)
    }

    @Test func aQueueGivesEverythingOnceAndInOrderPerProducer() async throws {
        let schema = try sampleSchema()
        let queue = BatchQueue()
        let producers = 4
        let each = 5_000
        let seen = await withTaskGroup(of: [[UInt64]].self) { group in
            for producer in 0..<producers {
                group.addTask {
                    for sequence in 1...each {
                        let batch = Batch(capacityBytes: 64, schema: schema)
                        batch.seal(
                            .tuples, from: Int32(producer), to: 0, count: 0, end: batch.payload,
                            sequence: UInt64(sequence))
                        _ = queue.push(batch)
                    }
                    return []
                }
            }
            group.addTask {
                var seen: [[UInt64]] = Array(repeating: [], count: producers)
                var backlog = BatchChain()
                while seen.reduce(0, { $0 + $1.count }) < producers * each {
                    backlog.append(queue.takeAll())
                    while let batch = backlog.popFirst() { seen[Int(batch.sourceTask)].append(batch.sequence) }
                    await Task.yield()
                }
                return seen
            }
            var result: [[UInt64]] = []
            for await part in group where !part.isEmpty { result = part }
            return result
        }
        for sequences in seen { #expect(sequences == Array(1...UInt64(each))) }
        #expect(queue.isEmpty)
    }

    @Test func chainsJoinInOrderAndFreeWhatIsLeft() throws {
        final class Mark: CreditHolder {
            let gone: @Sendable () -> Void
            init(_ gone: @escaping @Sendable () -> Void) { self.gone = gone }
            deinit { gone() }
            func returnCredit(_ bytes: Int, sequence: UInt64) {}
        }
        let schema = try sampleSchema()
        let freed = Mutex(0)
        func chain(_ sequences: ClosedRange<UInt64>) -> BatchChain {
            let queue = BatchQueue()
            for sequence in sequences {
                let batch = Batch(capacityBytes: 32, schema: schema)
                batch.seal(.tuples, from: 0, to: 0, count: 0, end: batch.payload, sequence: sequence)
                batch.credit = Mark { freed.withLock { $0 += 1 } }
                _ = queue.push(batch)
            }
            return queue.takeAll()
        }
        do {
            var all = BatchChain()
            let isEmptyAtFirst = all.isEmpty
            #expect(isEmptyAtFirst)
            let nothing = all.popFirst()
            #expect(nothing == nil)
            all.append(chain(1...3))
            all.append(BatchChain())
            all.append(chain(4...5))
            for sequence in UInt64(1)...4 {
                let popped = all.popFirst()?.sequence
                #expect(popped == sequence)
            }
            all.append(chain(6...6))
            let fifth = all.popFirst()?.sequence
            #expect(fifth == 5)
            let isEmptyAtLast = all.isEmpty
            #expect(!isEmptyAtLast)
        }
        #expect(freed.withLock { $0 } == 6)
    }
}
