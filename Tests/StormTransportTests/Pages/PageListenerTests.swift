import StormRuntime
import Testing

@testable import StormTransport

/// A port for pages alone, over loopback.
@Suite(.timeLimit(.minutes(1))) struct PageListenerTests {
    private func ask(_ port: Int, _ path: String) async throws -> String? {
        let client = try await TestClient.connect(port)
        await client.send("GET \(path) HTTP/1.1\r\nhost: x\r\n\r\n")
        return await client.answer()
    }

    @Test func pagesOfAllSourcesAreServedAndListed() async throws {
        let board = PageBoard("daemon on here")
        let listener = try await PageListener.start(host: "127.0.0.1", port: 0, source: board, logger: quietLogger())
        #expect(try await ask(listener.port, "/hello")?.hasPrefix("HTTP/1.1 404") == true)
        board.add(TitledPage(path: "/one"))
        board.add(TitledPage(path: "/other"))
        #expect(try await ask(listener.port, "/other")?.hasSuffix("this is /other\n") == true)
        let index = try #require(try await ask(listener.port, "/"))
        #expect(index.hasSuffix("daemon on here\n\n/one    title of /one\n/other  title of /other\n"))
        await listener.close()
    }

    @Test func whoeverAsksForAPageThatIsNotThereIsToldWhatTheFirstPageIs() async throws {
        let board = PageBoard("daemon on here")
        let sources: [(any PageSource, String)] = [
            (board, "/ lists the pages"), (TitledPage(path: "/"), "/ is title of /"),
        ]
        for (source, hint) in sources {
            let listener = try await PageListener.start(
                host: "127.0.0.1", port: 0, source: source, logger: quietLogger())
            #expect(try await ask(listener.port, "/x")?.hasSuffix("there is no page /x; \(hint)\n") == true)
            await listener.close()
        }
    }

    @Test func aPortInUseGivesWayToAFreeOne() async throws {
        let first = try await PageListener.start(
            host: "127.0.0.1", port: 0, source: TestPages(), logger: quietLogger())
        let second = try await PageListener.start(
            host: "127.0.0.1", port: first.port, source: TestPages(), logger: quietLogger())
        #expect(second.port != first.port && second.port > 0)
        #expect(try await ask(second.port, "/hello")?.hasPrefix("HTTP/1.1 200") == true)
        await first.close()
        await second.close()
    }

    @Test func aPortInUseThatIsTheOnlyOneIsAnError() async throws {
        let first = try await PageListener.start(
            host: "127.0.0.1", port: 0, source: TestPages(), logger: quietLogger())
        let port = first.port
        let error = await #expect(throws: TransportError.self) {
            _ = try await PageListener.start(
                host: "127.0.0.1", port: port, isOnlyPort: true, source: TestPages(), logger: quietLogger())
        }
        #expect(error?.code == .portInUse)
        #expect(error?.description == "another process listens on 127.0.0.1:\(port)")
        await first.close()
    }

    @Test func anAddressThatIsNotOursIsAnErrorInTheSystemsWords() async throws {
        let error = await #expect(throws: TransportError.self) {
            _ = try await PageListener.start(host: "192.0.2.1", port: 0, source: TestPages(), logger: quietLogger())
        }
        #expect(error?.code == .bindFailed)
        #expect(error?.description == "cannot listen on 192.0.2.1:0: Cannot assign requested address")
    }

    @Test func closingEndsOpenConnections() async throws {
        let listener = try await PageListener.start(
            host: "127.0.0.1", port: 0, source: TestPages(), logger: quietLogger())
        let client = try await TestClient.connect(listener.port)
        await client.send("GET /slow HTTP/1.1\r\n")
        await listener.close()
        #expect(await client.answer() == "")
    }
}

private struct TitledPage: PageSource {
    let path: String
    var titles: [PageTitle] { [PageTitle(path, "title of \(path)")] }

    func page(_ path: String, query: [String: String]) async -> Page? {
        path == self.path ? .text("this is \(path)\n") : nil
    }
}
