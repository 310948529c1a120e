import StormCore
import StormRuntime
import StormTopology
import StormWire
import Testing

@testable import StormTransport

/// Real engines, real sockets: a topology over two workers.
@Suite(.serialized, .timeLimit(.minutes(2))) struct TopologyOverTCPTests {
    @Test(arguments: TwoWorkers.AckerPlace.allCases)
    func everyMessageIsAckedExactlyOnce(_ acker: TwoWorkers.AckerPlace) async throws {
        let count = 20_000
        let pair = try TwoWorkers(count: count, acker: acker)
        let (near, far) = try await pair.run()
        #expect(await pair.ledger.wait { $0.acked == count })
        #expect(pair.ledger.current.failed == 0)
        #expect(pair.ledger.current.executed == count)
        await pair.expectConservation(count: count, near: near.engine)
        #expect(near.transport.statistics.framesLost == 0)
        await near.stop()
        await far.stop()
    }

    @Test(arguments: TwoWorkers.AckerPlace.allCases, [Side.near, .far, .both])
    func aCutConnectionFailsItsTreesAtOnceAndTheyAreReplayed(
        _ acker: TwoWorkers.AckerPlace, _ side: Side
    ) async throws {
        let count = 20_000
        // The timeout is far beyond the test's patience: whatever was not failed at once would be missing.
        let pair = try TwoWorkers(count: count, acker: acker)
        let (near, far) = try await pair.run()
        for mark in [1000, 5000, 12_000] {
            #expect(await pair.ledger.wait { $0.acks.count >= mark })
            if side != .far { near.transport.cutConnections() }
            if side != .near { far.transport.cutConnections() }
        }
        #expect(await pair.ledger.wait { $0.acks.count == count && $0.emitted == $0.acked + $0.failed })
        await pair.expectConservation(count: count, near: near.engine)
        // A cut that comes before the connection is back cuts nothing.
        #expect(near.transport.statistics.reconnects + far.transport.statistics.reconnects >= 1)
        #expect(pair.ledger.current.reasons.keys.allSatisfy { $0 == .workerLost })
        await near.stop()
        await far.stop()
    }

    enum Side: Sendable { case near, far, both }

    /// With ackers in the worker that dies, what they knew is failed at once; with ackers that stay, the trees of tuples that
    /// the dead worker had confirmed are suspect. The timeout is far beyond the test's patience.
    @Test(arguments: TwoWorkers.AckerPlace.allCases)
    func aRestartedWorkerGetsItsMessagesAgain(_ acker: TwoWorkers.AckerPlace) async throws {
        let count = 20_000
        let pair = try TwoWorkers(count: count, acker: acker)
        var (near, far) = try await pair.run()
        let address = try far.transport.address("far")
        for mark in [1000, 8000] {
            #expect(await pair.ledger.wait { $0.acks.count >= mark })
            // Connections first: nothing that the old process does afterwards gets out.
            await far.transport.close(within: .zero)
            await far.engine.stop()
            far = try await pair.worker(isFar: true, port: address.port)
            far.transport.update(try pair.placement(near: near.transport, far: address))
            try await far.engine.start()
        }
        #expect(await pair.ledger.wait { $0.acks.count == count && $0.emitted == $0.acked + $0.failed })
        await pair.expectConservation(count: count, near: near.engine)
        #expect(near.transport.statistics.reconnects == 2)
        await near.stop()
        await far.stop()
    }

    @Test func aSlowBoltBoundsWhatIsUnderWay() async throws {
        let count = 20_000
        let meter = Watched<(sender: WorkerTransport?, most: Int)>((nil, 0))
        // Untracked: nothing but the credits holds the spout back.
        let pair = try TwoWorkers(
            count: count, text: String(repeating: "x", count: 400), acker: .withSpout, isTracked: false
        ) { _ in
            // Slower than the sender by far: it has the time to fill every window.
            var sum = 0
            for number in 0..<5000 { sum = (sum &+ number) ^ number }
            meter.change { meter in
                let underWay = meter.sender?.statistics.bytesUnconfirmed ?? 0
                meter.most = max(meter.most, underWay + sum & 0)
            }
        }
        let (near, far) = try await pair.run()
        meter.change { $0.sender = near.transport }
        #expect(await pair.ledger.wait { $0.executed == count })
        // 8 MB went through, two windows of 512 KiB and two batches beyond each may be under way.
        #expect(meter.current.most > 64 << 10)
        #expect(meter.current.most <= 2 * (512 << 10) + 4 * (64 << 10))
        meter.change { $0.sender = nil }
        await near.stop()
        await far.stop()
    }

    @Test func aTupleOfTenMegabytesPasses() async throws {
        let text = String(repeating: "0123456789abcdef", count: 10 << 16)
        let lengths = Watched<[Int]>([])
        let pair = try TwoWorkers(count: 3, text: text, acker: .withSpout) { tuple in
            let length = tuple.withBytes(1) { $0.count }
            lengths.change { $0.append(length) }
        }
        let (near, far) = try await pair.run()
        #expect(await pair.ledger.wait { $0.acked == 3 })
        #expect(lengths.current == Array(repeating: text.utf8.count, count: 3))
        await pair.expectConservation(count: 3, near: near.engine)
        await near.stop()
        await far.stop()
    }

    @Test func aTupleBeyondTheLimitFailsAndHarmsNoOther() async throws {
        let schema = try twoStepSchema()
        let (here, there) = (RecordingReceiver(schema), RecordingReceiver(schema))
        var settings = configuration("node-a")
        settings.maxFrameBytes = 1000
        let a = try await WorkerTransport.listening(settings, here)
        let b = try await WorkerTransport.listening(configuration("node-b"), there)
        a.update([TaskID(2): try b.address("node-b")])
        a.send(tupleBatch(schema, to: 2, number: 1, text: String(repeating: "x", count: 2000)))
        a.send(tupleBatch(schema, to: 2, number: 2))
        #expect(await there.seen.wait { $0.received.map { Tuple2.number($0) } == [2] })
        #expect(await here.seen.wait { $0.lost.map { Tuple2.number($0) } == [1] })
        #expect(a.statistics.reconnects == 0)
        await a.close()
        await b.close()
    }
}
