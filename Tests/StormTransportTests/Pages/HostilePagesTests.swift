import HostileBytes
import NIOCore
import NIOEmbedded
import StormRuntime
import Testing

@testable import StormTransport

/// What strangers may do to a port for pages.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HostilePagesTests {
    private func ask(_ port: Int, _ path: String) async throws -> String? {
        let client = try await TestClient.connect(port)
        await client.send("GET \(path) HTTP/1.1\r\nhost: x\r\n\r\n")
        return await client.answer()
    }

    private func withListener(
        _ source: any PageSource, _ body: (PageListener) async throws -> Void
    ) async throws {
        let listener = try await PageListener.start(host: "127.0.0.1", port: 0, source: source, logger: quietLogger())
        do {
            try await body(listener)
        } catch {
            await listener.close()
            throw error
        }
        await listener.close()
    }

    @Test(arguments: hostileSeeds(4))
    func spoiledRequestsAreAnsweredOrRefusedAndGoodOnesAnswered(_ seed: UInt64) async throws {
        var mutator = Mutator(try Corpus("http"), seed: seed)
        try await withListener(PostablePages()) { listener in
            #expect(try await ask(listener.port, "/hello")?.hasPrefix("HTTP/1.1 200") == true)
            let before = try #require(Stranger.residentBytes())
            for _ in 0..<300 {
                let pieces = mutator.pieces(mutator.next())
                let end = Stranger.say(pieces, to: "127.0.0.1", port: listener.port, milliseconds: 5000)
                #expect(end == .closed, "seed \(seed)")
            }
            #expect(try await ask(listener.port, "/hello")?.hasPrefix("HTTP/1.1 200") == true)
            let after = try #require(Stranger.residentBytes())
            #expect(after - before < 32 << 20, "\(before) bytes before, \(after) after")
        }
    }

    /// Each conversation as it was kept, whole and byte by byte.
    @Test func everyConversationOfTheCorpusEnds() async throws {
        let corpus = try Corpus("http")
        try await withListener(PostablePages()) { listener in
            for entry in corpus.entries {
                let whole = [entry.bytes[...]]
                #expect(
                    Stranger.say(whole, to: "127.0.0.1", port: listener.port, milliseconds: 5000) == .closed,
                    "\(entry.name)")
                guard entry.bytes.count < 500 else { continue }
                let drops = entry.bytes.indices.map { entry.bytes[$0...$0] }
                #expect(
                    Stranger.say(drops, to: "127.0.0.1", port: listener.port, milliseconds: 5000) == .closed,
                    "\(entry.name)")
            }
        }
    }

    @Test func whoNeverEndsARequestMakesRoomForThoseWhoDo() async throws {
        try await withListener(TestPages()) { listener in
            var strangers: [TestClient] = []
            for _ in 0..<PageServer.Limits().connectionsMax {
                let stranger = try await TestClient.connect(listener.port)
                await stranger.send("GET /hello HTTP/1.1\r\n")
                strangers.append(stranger)
            }
            for _ in 0..<3 { #expect(try await ask(listener.port, "/hello")?.hasPrefix("HTTP/1.1 200") == true) }
            // At least one place was needed, and the first one to come was the first to go.
            #expect(await strangers[0].answer() == "")
            for stranger in strangers { await stranger.close() }
        }
    }

    /// Else whoever asks and leaves, again and again, could have any number of pages made at a time.
    @Test func aPageThatIsBeingMadeKeepsItsPlaceWhenItsClientHasGone() async throws {
        let pages = StubbornPages()
        let count = PageServer.Limits().connectionsMax
        try await withListener(pages) { listener in
            for number in 1...count {
                let client = try await TestClient.connect(listener.port)
                await client.send("GET /stubborn HTTP/1.1\r\nhost: x\r\n\r\n")
                #expect(await pages.waiting.wait { $0.count == number })
                await client.close()
            }
            #expect(try await ask(listener.port, "/hello")?.hasPrefix("HTTP/1.1 503 ") == true)
            #expect(pages.waiting.current.count == count)
            pages.release()
            var answer: String?
            for _ in 0..<100 where answer?.hasPrefix("HTTP/1.1 200") != true {
                answer = try await ask(listener.port, "/hello")
            }
            #expect(answer?.hasPrefix("HTTP/1.1 200") == true)
        }
    }

    @Test func strangersAreBoundedAndWorkersAreNoStrangers() throws {
        let registry = InboundRegistry()
        let channels = (0...InboundRegistry.strangersMax).map { _ in EmbeddedChannel() }
        let stranger = try SocketAddress(unixDomainSocketPath: "stranger")
        for channel in channels { channel.connect(to: stranger, promise: nil) }
        for channel in channels.dropLast() { #expect(registry.add(channel)) }
        let last = try #require(channels.last)
        // The handler of a worker's connection adds it once more.
        #expect(registry.add(channels[0]))
        registry.supersede("node-a:6700", with: channels[0])
        #expect(registry.add(last))
        #expect(channels.count { $0.isActive } == channels.count)
        // All places are taken again: of the strangers the one that came first goes, and never a worker.
        let newcomer = EmbeddedChannel()
        newcomer.connect(to: stranger, promise: nil)
        #expect(registry.add(newcomer))
        #expect(newcomer.isActive && channels[0].isActive && !channels[1].isActive && channels[2].isActive)
        _ = try newcomer.finish(acceptAlreadyClosed: true)
        for channel in channels { _ = try channel.finish(acceptAlreadyClosed: true) }
    }
}

/// Answers everything, POST too.
private struct PostablePages: PageSource {
    var takesPosts: Bool { true }

    func page(_ path: String, query: [String: String]) async -> Page? {
        .text("\(path) \(query.sorted { $0.key < $1.key })\n")
    }

    func post(_ path: String, query: [String: String], body: [UInt8]) async -> Page? {
        .text("\(path) \(query.count) \(body.count)\n")
    }
}

/// Does not care whether anybody still wants its page.
private final class StubbornPages: PageSource {
    let waiting = Watched<[CheckedContinuation<Void, Never>]>([])

    func page(_ path: String, query: [String: String]) async -> Page? {
        if path == "/stubborn" {
            await withCheckedContinuation { continuation in waiting.change { $0.append(continuation) } }
        }
        return .text("done\n")
    }

    func release() { for continuation in waiting.current { continuation.resume() } }
}
