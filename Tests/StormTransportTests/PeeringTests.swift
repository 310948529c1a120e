import Logging
import NIOCore
import NIOPosix
import StormCore
import StormRuntime
import StormWire
import Testing

@testable import StormTransport

/// Two or three transports on loopback with engines that only write down what they get.
@Suite(.timeLimit(.minutes(1))) struct PeeringTests {
    @Test func carriesABatchAndReturnsItsCredit() async throws {
        let schema = try twoStepSchema()
        let (here, there) = (RecordingReceiver(schema), RecordingReceiver(schema))
        let a = try await WorkerTransport.listening(configuration("node-a"), here)
        let b = try await WorkerTransport.listening(configuration("node-b"), there)
        a.update([TaskID(2): try b.address("node-b"), TaskID(4): try a.address("node-a")])
        try await a.ready(within: patience)
        let credit = CreditCounter()
        let batch = tupleBatch(schema, to: 2, number: 99)
        batch.credit = credit
        a.send(batch)
        #expect(await there.seen.wait { $0.received.count == 1 })
        #expect(there.seen.current.received.first.map { Tuple2.number($0) } == 99)
        #expect(await credit.bytes.wait { $0 == batch.byteCount })
        #expect(a.statistics.framesConfirmed == 1)
        #expect(a.statistics.tuplesSent == 1)
        #expect(b.statistics.tuplesReceived == 1)
        await a.close()
        await b.close()
        #expect(here.seen.current.lost.isEmpty)
    }

    @Test func batchesForATaskWithoutAPlaceWaitForIt() async throws {
        let schema = try twoStepSchema()
        let there = RecordingReceiver(schema)
        let a = try await WorkerTransport.listening(configuration("node-a"), RecordingReceiver(schema))
        let b = try await WorkerTransport.listening(configuration("node-b"), there)
        for number in 0..<10 { a.send(tupleBatch(schema, to: 3, number: number)) }
        a.update([TaskID(3): try b.address("node-b")])
        #expect(await there.seen.wait { $0.received.count == 10 })
        #expect(there.seen.current.received.map { Tuple2.number($0) } == Array(0..<10))
        await a.close()
        await b.close()
    }

    @Test func tooManyBatchesWithoutAPlaceAreDroppedAndCounted() async throws {
        let schema = try twoStepSchema()
        var settings = configuration("node-a")
        settings.unplacedBytesMax = 200
        let a = try await WorkerTransport.listening(settings, RecordingReceiver(schema))
        let credit = CreditCounter()
        for _ in 0..<10 {
            let batch = tupleBatch(schema, to: 3)
            batch.credit = credit
            a.send(batch)
        }
        let kept = 200 / tupleBatch(schema, to: 3).byteCount
        #expect(a.statistics.framesDropped == 10 - kept)
        #expect(credit.bytes.current == (10 - kept) * tupleBatch(schema, to: 3).byteCount)
        await a.close()
    }

    @Test func batchesQueuedForAWorkerThatIsAwayFollowTheirTask() async throws {
        let schema = try twoStepSchema()
        let (here, there) = (RecordingReceiver(schema), RecordingReceiver(schema))
        let a = try await WorkerTransport.listening(configuration("node-a"), here)
        let b = try await WorkerTransport.listening(configuration("node-b"), there)
        let nowhere = try await unusedAddress("node-c")
        a.update([TaskID(2): nowhere, TaskID(3): nowhere])
        for number in 0..<5 { a.send(tupleBatch(schema, to: 2, number: number)) }
        a.send(tupleBatch(schema, to: 3, number: 50))
        // Task 2 moves, task 3 has no place any more.
        a.update([TaskID(2): try b.address("node-b")])
        #expect(await there.seen.wait { $0.received.count == 5 })
        #expect(there.seen.current.received.map { Tuple2.number($0) } == Array(0..<5))
        #expect(await here.seen.wait { $0.lost.count == 1 && $0.processLost == [[TaskID(2), TaskID(3)]] })
        #expect(here.seen.current.order == ["lost", "process"])
        await a.close()
        await b.close()
    }

    @Test func aRetiredWorkerLosesWhatItHasNotConfirmed() async throws {
        let schema = try twoStepSchema()
        let here = RecordingReceiver(schema)
        let there = RecordingReceiver(schema, returnsCredit: false)
        let a = try await WorkerTransport.listening(configuration("node-a"), here)
        let b = try await WorkerTransport.listening(configuration("node-b"), there)
        a.update([TaskID(2): try b.address("node-b")])
        for number in 0..<3 { a.send(tupleBatch(schema, to: 2, number: number)) }
        #expect(await there.seen.wait { $0.received.count == 3 })
        a.update([:])
        #expect(await here.seen.wait { $0.processLost == [[TaskID(2)]] })
        #expect(here.seen.current.lost.map { Tuple2.number($0) } == [0, 1, 2])
        #expect(here.seen.current.order == ["lost", "lost", "lost", "process"])
        #expect(a.statistics.framesUnconfirmed == 0)
        #expect(a.statistics.bytesUnconfirmed == 0)
        await a.close()
        await b.close()
    }

    @Test func aCutConnectionLosesOnlyWhatIsUnconfirmedAndComesBack() async throws {
        let schema = try twoStepSchema()
        let here = RecordingReceiver(schema)
        let there = RecordingReceiver(schema, returnsCredit: false)
        let a = try await WorkerTransport.listening(configuration("node-a"), here)
        let b = try await WorkerTransport.listening(configuration("node-b"), there)
        a.update([TaskID(2): try b.address("node-b")])
        for number in 0..<3 { a.send(tupleBatch(schema, to: 2, number: number)) }
        #expect(await there.seen.wait { $0.received.count == 3 })
        there.seen.change { seen in
            let batch = seen.received[1]
            batch.credit?.returnCredit(batch.byteCount, sequence: batch.sequence)
        }
        #expect(await confirmed(a, 1))
        a.cutConnections()
        #expect(await here.seen.wait { $0.lost.count == 2 })
        #expect(here.seen.current.lost.map { Tuple2.number($0) } == [0, 2])
        a.send(tupleBatch(schema, to: 2, number: 3))
        #expect(await there.seen.wait { $0.received.count == 4 })
        #expect(a.statistics.reconnects == 1)
        // The same process: what it knows is still there.
        #expect(here.seen.current.processLost.isEmpty)
        await a.close(within: .zero)
        await b.close(within: .zero)
    }

    @Test func reportsToSpoutsAreSentAgainAfterACut() async throws {
        let schema = try twoStepSchema()
        let here = RecordingReceiver(schema)
        let there = RecordingReceiver(schema, returnsCredit: false)
        let a = try await WorkerTransport.listening(configuration("node-a"), here)
        let b = try await WorkerTransport.listening(configuration("node-b"), there)
        a.update([TaskID(4): try b.address("node-b")])
        a.send(recordBatch(schema, AckRecord(.completed, root: 77), to: 4))
        #expect(await there.seen.wait { $0.received.count == 1 })
        a.cutConnections()
        #expect(await there.seen.wait { $0.received.count == 2 })
        #expect(a.statistics.framesRepeated == 1)
        #expect(here.seen.current.lost.isEmpty)
        await a.close(within: .zero)
        await b.close(within: .zero)
    }

    @Test func aRestartedWorkerIsFoundWhenItConnectsWhateverThePauseBetweenAttempts() async throws {
        let schema = try twoStepSchema()
        let (here, there) = (RecordingReceiver(schema), RecordingReceiver(schema))
        var settings = configuration("node-a")
        // Far beyond the test's patience.
        settings.reconnectMinMilliseconds = 300_000
        settings.reconnectMaxMilliseconds = 300_000
        let a = try await WorkerTransport.listening(settings, here)
        var b = try await WorkerTransport.listening(configuration("node-b"), there)
        let addresses = (a: try a.address("node-a"), b: try b.address("node-b"))
        let placement = [TaskID(2): addresses.b, TaskID(4): addresses.a]
        a.update(placement)
        try await a.ready(within: patience)
        await b.close(within: .zero)
        b = try await WorkerTransport.listening(configuration("node-b", port: addresses.b.port), there)
        b.update(placement)
        #expect(await here.seen.wait { $0.processLost == [[TaskID(2)]] })
        #expect(here.seen.current.losses.first?.place == TaskPlace(host: addresses.b.host, port: addresses.b.port))
        #expect((here.seen.current.losses.first?.nanosecondsAgo ?? 0) > 0)
        await a.close(within: .zero)
        await b.close(within: .zero)
    }

    @Test func aRestartedProcessIsReportedAfterItsLostBatches() async throws {
        let schema = try twoStepSchema()
        let here = RecordingReceiver(schema)
        let first = RecordingReceiver(schema, returnsCredit: false)
        let second = RecordingReceiver(schema)
        let a = try await WorkerTransport.listening(configuration("node-a"), here)
        var b = try await WorkerTransport.listening(configuration("node-b"), first)
        let address = try b.address("node-b")
        a.update([TaskID(1): address, TaskID(2): address])
        a.send(tupleBatch(schema, to: 2, number: 1))
        #expect(await first.seen.wait { $0.received.count == 1 })
        await b.close(within: .zero)
        #expect(await here.seen.wait { $0.lost.count == 1 })
        a.send(tupleBatch(schema, to: 2, number: 2))
        b = try await WorkerTransport.listening(configuration("node-b", port: address.port), second)
        #expect(await second.seen.wait { $0.received.map { Tuple2.number($0) } == [2] })
        #expect(here.seen.current.processLost == [[TaskID(1), TaskID(2)]])
        #expect(here.seen.current.order == ["lost", "process"])
        await a.close()
        await b.close()
    }

    @Test(arguments: [
        (configuration("node-b", topology: "other-2-2"), "topology 'words-1-1', this is a worker of 'other-2-2'"),
        (configuration("node-b", token: "another"), "wrong worker token"),
    ])
    func aRefusedWorkerSaysWhy(_ other: TransportConfiguration, _ reason: String) async throws {
        let schema = try twoStepSchema()
        let a = try await WorkerTransport.listening(configuration("node-a"), RecordingReceiver(schema))
        let b = try await WorkerTransport.listening(other, RecordingReceiver(schema))
        a.update([TaskID(2): try b.address("node-b")])
        #expect(await refused(a))
        let error = await #expect(throws: TransportError.self) { try await a.ready(within: .milliseconds(1)) }
        #expect(error?.code == .notReady)
        #expect(error?.message.contains("it refused this worker: \(reason)") == true)
        #expect(b.statistics.refusals >= 1)
        await a.close()
        await b.close()
    }

    @Test func anotherPlanIsRefused() async throws {
        let a = try await WorkerTransport.listening(configuration("node-a"), RecordingReceiver(twoStepSchema(bolts: 2)))
        let b = try await WorkerTransport.listening(configuration("node-b"), RecordingReceiver(twoStepSchema(bolts: 3)))
        a.update([TaskID(2): try b.address("node-b")])
        #expect(await refused(a))
        await a.close()
        await b.close()
    }

    @Test func aPortInUseIsAClearError() async throws {
        let schema = try twoStepSchema()
        let a = try await WorkerTransport.listening(configuration("node-a"), RecordingReceiver(schema))
        let port = try a.address("node-a").port
        let error = await #expect(throws: TransportError.self) {
            try await WorkerTransport.listening(configuration("node-b", port: port), RecordingReceiver(schema))
        }
        #expect(error?.code == .portInUse)
        #expect(error?.isRetriable == true)
        #expect(error?.message == "another process listens on 127.0.0.1:\(port)")
        await a.close()
    }

    @Test func readyNamesTheWorkersThatAreMissing() async throws {
        let a = try await WorkerTransport.listening(configuration("node-a"), RecordingReceiver(twoStepSchema()))
        let nowhere = try await unusedAddress("node-c")
        a.update([TaskID(2): nowhere])
        let error = await #expect(throws: TransportError.self) { try await a.ready(within: .milliseconds(200)) }
        #expect(error?.message.contains("node-c:\(nowhere.port)") == true)
        await a.close()
    }

    @Test func closingSendsWhatIsQueued() async throws {
        let schema = try twoStepSchema()
        let there = RecordingReceiver(schema)
        let a = try await WorkerTransport.listening(configuration("node-a"), RecordingReceiver(schema))
        let b = try await WorkerTransport.listening(configuration("node-b"), there)
        a.update([TaskID(2): try b.address("node-b")])
        try await a.ready(within: patience)
        for number in 0..<500 { a.send(tupleBatch(schema, to: 2, number: number)) }
        await a.close(within: patience)
        #expect(there.seen.current.received.count == 500)
        #expect(a.statistics.framesLost == 0)
        await b.close()
    }

    @Test func aTransportWithoutAnEngineDoesNotStart() async throws {
        let a = WorkerTransport(
            configuration("node-a"), group: MultiThreadedEventLoopGroup.singleton, logger: quietLogger())
        let error = await #expect(throws: TransportError.self) { try await a.start() }
        #expect(error?.code == .wrongState)
        await a.close()
    }

    // MARK: Conditions

    private func confirmed(_ transport: WorkerTransport, _ count: Int) async -> Bool {
        await poll { transport.statistics.framesConfirmed == count }
    }

    private func refused(_ transport: WorkerTransport) async -> Bool {
        await poll { transport.statistics.refusals > 0 }
    }

    /// For counters, which tell nobody when they change.
    private func poll(_ condition: @escaping @Sendable () -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + patience
        while !condition() {
            if ContinuousClock.now > deadline { return false }
            await Task.yield()
        }
        return true
    }

    /// A port on which nobody listens.
    private func unusedAddress(_ node: String) async throws -> WorkerAddress {
        let transport = try await WorkerTransport.listening(
            configuration(node), RecordingReceiver(try twoStepSchema()))
        let address = try transport.address(node)
        await transport.close(within: .zero)
        return address
    }
}
