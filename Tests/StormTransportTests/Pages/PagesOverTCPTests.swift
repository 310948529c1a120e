import StormCore
import StormWire
import Testing

@testable import StormTransport

/// Requests for pages on a worker's port, over loopback.
@Suite(.timeLimit(.minutes(5))) struct PagesOverTCPTests {
    private static let hello = "GET /hello?name=you HTTP/1.1\r\nhost: x\r\n\r\n"

    @Test func aPageIsServedOnTheWorkersPort() async throws {
        let worker = try await PageWorker()
        let answer = try #require(try await worker.exchange(Self.hello))
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nhello you\n"))
        #expect(answer.contains("content-length: 10\r\n") && answer.contains("connection: close\r\n"))
        #expect(worker.transport.statistics.badFrames == 0)
        await worker.transport.close()
    }

    @Test func headIsAnsweredWithoutABody() async throws {
        let worker = try await PageWorker()
        let answer = try #require(try await worker.exchange("HEAD /hello HTTP/1.1\r\nhost: x\r\n\r\n"))
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.contains("content-length: 7\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
        await worker.transport.close()
    }

    @Test(arguments: [
        ("GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n", 404), ("GET /large HTTP/1.1\r\nhost: x\r\n\r\n", 500),
        ("GET /hello HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc", 413),
        ("GET /hello NONSENSE\r\n\r\n", 400), ("GET /hello HTTP/1.1\r\nbroken header\r\n\r\n", 400),
    ])
    func whatCannotBeServedIsAnsweredWithAStatus(_ request: String, _ status: Int) async throws {
        let worker = try await PageWorker()
        let answer = try #require(try await worker.exchange(request))
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(80))")
        await worker.transport.close()
    }

    @Test func aRequestMayComeByteByByte() async throws {
        let worker = try await PageWorker()
        let client = try await TestClient.connect(worker.port)
        for byte in Self.hello.utf8 { await client.send([byte]) }
        #expect(await client.answer()?.hasSuffix("hello you\n") == true)
        await worker.transport.close()
    }

    @Test func aConnectionIsForOneRequest() async throws {
        let worker = try await PageWorker()
        let answer = try #require(try await worker.exchange(Self.hello + Self.hello))
        #expect(answer.components(of: "HTTP/1.1 ") == 1)
        await worker.transport.close()
    }

    @Test func aRequestThatIsTooLongIsCutOff() async throws {
        let worker = try await PageWorker()
        let client = try await TestClient.connect(worker.port)
        await client.send("GET /hello HTTP/1.1\r\n")
        for _ in 0..<10 { await client.send("x: \(String(repeating: "y", count: 1000))\r\n") }
        #expect(await client.answer() == "")
        #expect(try await worker.exchange(Self.hello)?.hasPrefix("HTTP/1.1 200") == true)
        await worker.transport.close()
    }

    @Test func whoLeavesIsForgotten() async throws {
        let worker = try await PageWorker()
        let client = try await TestClient.connect(worker.port)
        await client.send("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        #expect(await worker.pages.seen.wait { $0.started == 1 })
        await client.close()
        #expect(await worker.pages.seen.wait { $0.cancelled == 1 })
        await worker.transport.close()
    }

    @Test func noMoreThanTheAllowedConnectionsAreServedAndAPlaceThatIsLeftIsTakenAgain() async throws {
        let worker = try await PageWorker()
        let limit = PageServer.Limits().connectionsMax
        var waiting: [TestClient] = []
        for count in 1...limit {
            let client = try await TestClient.connect(worker.port)
            await client.send("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
            #expect(await worker.pages.seen.wait { $0.started == count })
            waiting.append(client)
        }
        #expect(try await worker.exchange(Self.hello)?.hasPrefix("HTTP/1.1 503 ") == true)
        for client in waiting { await client.close() }
        #expect(await worker.pages.seen.wait { $0.cancelled == limit })
        // The last place may be given back a moment after the page was told.
        var answer: String?
        for _ in 0..<100 where answer?.hasPrefix("HTTP/1.1 200") != true {
            answer = try await worker.exchange(Self.hello)
        }
        #expect(answer?.hasPrefix("HTTP/1.1 200") == true)
        await worker.transport.close()
    }

    /// Strangers who hold all places for pages, and others who say nothing at all, do not stand in the way of tuples.
    @Test func tuplesFlowWhileStrangersHoldTheirConnections() async throws {
        let worker = try await PageWorker()
        var strangers: [TestClient] = []
        for number in 0..<64 {
            let stranger = try await TestClient.connect(worker.port)
            await stranger.send(number.isMultiple(of: 2) ? "GET /slow HTTP/1.1\r\n" : "GE")
            strangers.append(stranger)
        }
        let schema = try twoStepSchema()
        let peer = try await WorkerTransport.listening(configuration("node-a"), RecordingReceiver(schema))
        peer.update([TaskID(2): try worker.transport.address("node-b")])
        for number in 0..<100 { peer.send(tupleBatch(schema, to: 2, number: number)) }
        #expect(await worker.receiver.seen.wait { $0.received.count == 100 })
        await peer.close()
        for stranger in strangers { await stranger.close() }
        await worker.transport.close()
    }

    @Test(arguments: ["POST / HTTP/1.1\r\n\r\n", "\u{0}\u{0}\u{0}\u{0}", "GETTING a page is something else\n"])
    func otherStrangersAreRefusedAsBefore(_ text: String) async throws {
        let worker = try await PageWorker()
        #expect(try await worker.exchange(text) == "")
        #expect(worker.transport.statistics.badFrames == 1)
        await worker.transport.close()
    }

    @Test func closingTheTransportEndsConnectionsForPages() async throws {
        let worker = try await PageWorker()
        let client = try await TestClient.connect(worker.port)
        await client.send("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        #expect(await worker.pages.seen.wait { $0.started == 1 })
        await worker.transport.close()
        #expect(await client.answer() == "")
    }

    /// Requests with random bytes in them: each is answered or closed, and the worker goes on.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func mutilatedRequestsNeverCrash(_ seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        let worker = try await PageWorker()
        for _ in 0..<50 {
            var bytes =
                Array(Self.hello.utf8) + Array("x: \(UInt64.random(in: 0 ... .max, using: &random))\r\n\r\n".utf8)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 4..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let client = try await TestClient.connect(worker.port)
            await client.send(bytes)
            // One that is not complete would be waited for until its deadline.
            await client.close()
        }
        #expect(try await worker.exchange(Self.hello)?.hasPrefix("HTTP/1.1 200") == true, "seed \(seed)")
        await worker.transport.close()
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
