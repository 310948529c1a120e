import Testing
import ZooKeeperServer

@testable import ZooKeeper

@Suite(.timeLimit(.minutes(3))) struct OperationTests {
    static let server = SuiteServer()

    @discardableResult
    func client<Value>(_ body: (ZooKeeperClient) async throws -> Value) async throws -> Value {
        let server = try await Self.server.started()
        return try await withClient(testConfiguration(server.connectString), body)
    }

    @Test func requestsAreCounted() async throws {
        try await client { client in
            let before = client.traffic.operations
            try await client.create("/counted", [])
            _ = try await client.exists("/not-there")
            #expect(await code { try await client.set("/counted", [], version: 7) } == .badVersion)
            await #expect(throws: ZooKeeperError.self) { try await client.get("/not-there") }
            let after = client.traffic.operations
            for name in ["create", "exists", "set", "get"] {
                #expect((after[name]?.count ?? 0) - (before[name]?.count ?? 0) == 1, "\(name)")
            }
            #expect(after.values.allSatisfy { $0.failures == 0 && $0.latencies.reduce(0, +) == $0.count })
            #expect(after["create"]?.isWrite == true && after["set"]?.isWrite == true && after["get"]?.isWrite == false)
            #expect(after.values.allSatisfy { $0.total > .zero })
        }
    }

    @Test func dataGoesInAndOutWithVersions() async throws {
        try await client { client in
            let made = try await client.create("/a", "one".bytes)
            #expect(made.path == "/a")
            #expect(made.stat.version == 0)
            #expect(try await client.get("/a").text == "one")
            let stat = try await client.set("/a", "two".bytes, version: 0)
            #expect(stat.version == 1)
            #expect(await code { try await client.set("/a", "three".bytes, version: 0) } == .badVersion)
            #expect(try await client.get("/a").text == "two")
            #expect(try await client.exists("/a")?.dataBytes == 3)
            #expect(await code { try await client.delete("/a", version: 0) } == .badVersion)
            try await client.delete("/a", version: 1)
            #expect(try await client.exists("/a") == nil)
        }
    }

    @Test func emptyDataAndAllByteValuesSurvive() async throws {
        try await client { client in
            try await client.create("/empty")
            #expect(try await client.get("/empty").data == [])
            let bytes = (0...255).map { UInt8($0) }
            try await client.set("/empty", bytes)
            #expect(try await client.get("/empty").data == bytes)
        }
    }

    @Test func everyCreateModeMakesWhatItSays() async throws {
        try await client { client in
            #expect(try await client.create("/e", mode: .ephemeral).stat.ephemeralOwner == client.session.sessionID)
            #expect(try await client.create("/s-", mode: .persistentSequential).path == "/s-0000000001")
            let sequential = try await client.create("/s-", mode: .ephemeralSequential)
            #expect(sequential.path == "/s-0000000002")
            #expect(sequential.stat.ephemeralOwner == client.session.sessionID)
            #expect(try await client.create("/c", mode: .container).path == "/c")
            #expect(try await client.create("/q").path == "/q")
            #expect(try await client.create("/q/", mode: .persistentSequential).path == "/q/0000000000")
            #expect(await code { try await client.create("/e/x") } == .noChildrenForEphemerals)
        }
    }

    @Test func errorsNameOperationAndPath() async throws {
        try await client { client in
            do {
                try await client.create("/x/y")
                Issue.record("no parent, no child")
            } catch let error as ZooKeeperError {
                #expect(error.code == .noNode)
                #expect("\(error)" == "ZooKeeper: create /x/y: no such node")
                #expect(!error.isRetriable)
            }
            #expect(await code { _ = try await client.get("/x") } == .noNode)
            #expect(await code { _ = try await client.children("/x") } == .noNode)
            #expect(await code { try await client.set("/x", []) } == .noNode)
            #expect(await code { try await client.delete("/x") } == .noNode)
            try await client.createWithParents("/x/y")
            #expect(await code { try await client.create("/x") } == .nodeExists)
            #expect(await code { try await client.delete("/x") } == .notEmpty)
            #expect(await code { _ = try await client.get("x") } == .invalidPath)
            #expect(await code { try await client.create("/x//y") } == .invalidPath)
            let tooMuch = [UInt8](repeating: 0, count: 2_000_000)
            #expect(await code { try await client.set("/x", tooMuch) } == .dataTooLarge)
            #expect(try await client.get("/x").data == [], "the connection was not cut")
        }
    }

    @Test func largestAllowedDataPasses() async throws {
        try await client { client in
            let data = [UInt8](repeating: 7, count: client.configuration.dataBytesMax)
            try await client.create("/big", data)
            #expect(try await client.get("/big").data == data)
        }
    }

    @Test func childrenAreListedWithTheirParent() async throws {
        try await client { client in
            for name in ["b", "a", "c"] { try await client.create("/" + name) }
            let children = try await client.children("/")
            #expect(children.names.sorted() == ["a", "b", "c"])
            #expect(children.stat.childCount == 3)
        }
    }

    @Test func multiIsAllOrNothing() async throws {
        try await client { client in
            try await client.create("/m")
            let results = try await client.multi([
                .check("/m", version: 0), .create("/m/a", "1".bytes), .create("/m/s-", mode: .ephemeralSequential),
                .set("/m", "x".bytes), .create("/m/gone"), .delete("/m/gone"),
            ])
            #expect(results.count == 6)
            #expect(results[1] == .created("/m/a"))
            #expect(results[2] == .created("/m/s-0000000001"))
            if case .set(let stat) = results[3] { #expect(stat.version == 1) } else { Issue.record("not set") }
            #expect(results[5] == .deleted)
            do {
                try await client.multi([
                    .create("/m/b"), .set("/m", [], version: 0), .delete("/m/a"),
                ])
                Issue.record("the version was wrong")
            } catch let error as ZooKeeperError {
                #expect(error.code == .badVersion)
                #expect(error.failedIndex == 1)
                #expect(error.path == "/m")
            }
            #expect(try await client.exists("/m/b") == nil)
            #expect(try await client.multi([]) == [])
        }
    }

    @Test func wholeSubtreesAreMadeAndDeleted() async throws {
        try await client { client in
            try await client.createPath("/p/q/r")
            try await client.createPath("/p/q/r")
            for index in 0..<20 { try await client.createWithParents("/p/n\(index)/x") }
            try await client.deleteRecursively("/p")
            #expect(try await client.exists("/p") == nil)
            try await client.deleteRecursively("/p")
        }
    }

    @Test func accessControlKeepsOthersOut() async throws {
        let server = try await Self.server.started()
        var configuration = testConfiguration(server.connectString)
        try await withClient(configuration) { plain in
            configuration.authentications = [.digest(user: "storm", password: "secret")]
            try await withClient(configuration) { owner in
                try await owner.create("/mine", "x".bytes, acl: .creatorAll)
                #expect(try await owner.get("/mine").text == "x")
                #expect(await code { _ = try await plain.get("/mine") } == .noAuth)
                let (acl, stat) = try await owner.getACL("/mine")
                #expect(acl.count == 1)
                #expect(acl[0].scheme == "digest")
                #expect(acl[0].permissions == .all)
                try await owner.setACL("/mine", acl + .readOnly, version: stat.aclVersion)
                #expect(try await plain.get("/mine").text == "x")
                #expect(await code { try await plain.set("/mine", []) } == .noAuth)
                try await plain.addAuth(.digest(user: "storm", password: "secret"))
                try await plain.set("/mine", "y".bytes)
                try await owner.expireSession()
                #expect(
                    try await collect(owner.sessionEvents()) { $0.generation == 2 && $0.state == .reconnected }.count
                        > 0)
                try await owner.set("/mine", "new session, same identity".bytes)
            }
        }
    }

    @Test func unknownAuthenticationSchemeIsRefused() async throws {
        try await client { client in
            let refused = await code {
                try await client.addAuth(ZooKeeperAuthentication(scheme: "no-such", credential: [1]))
            }
            #expect(refused == .authFailed)
            // The server ended the session for it; the next one works.
            _ = try await collect(client.sessionEvents()) { $0.generation == 2 && $0.state == .reconnected }
            try await client.create("/works")
        }
    }

    @Test func syncReturns() async throws {
        try await client { try await $0.sync("/") }
    }

    @Test func chrootIsMadeAndHidden() async throws {
        let server = try await Self.server.started()
        let configuration = testConfiguration(
            server.connectString, chroot: "/deep/root\(UInt64.random(in: 0 ... .max))/x")
        try await withClient(configuration) { client in
            #expect(try await client.create("/a", mode: .persistentSequential).path == "/a0000000000")
            #expect(try await client.children("/").names == ["a0000000000"])
            var whole = configuration
            whole.chroot = "/"
            try await withClient(whole) { outside in
                let stat = try await outside.exists(configuration.chroot + "/a0000000000")
                #expect(stat != nil)
            }
        }
    }

    @Test func connectGivesUpWhenThereIsNobody() async throws {
        var configuration = ZooKeeperConfiguration(servers: ["127.0.0.1:1"])
        configuration.connectTimeout = .milliseconds(300)
        #expect(await code { _ = try await connect(configuration) } == .connectTimeout)
        #expect(await code { _ = try await connect(ZooKeeperConfiguration(servers: [])) } == .badArguments)
    }
}
