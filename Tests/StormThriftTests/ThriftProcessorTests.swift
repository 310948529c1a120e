import StormThrift
import Testing

@Suite struct ThriftProcessorTests {
    private let nimbus = RecordingNimbus()
    private var processor: ThriftProcessor { .nimbus(nimbus) }

    private func answer<Result: ThriftResult, each Argument: ThriftArgument>(
        _ call: ThriftCall<Result, repeat each Argument>, _ arguments: repeat each Argument
    ) async throws -> Result {
        var writer = ThriftWriter()
        call.writeRequest(repeat each arguments, sequence: 3, to: &writer)
        var reader = ThriftReader(bytes: try await processor.reply(to: writer.bytes))
        return try call.readReply(from: &reader, sequence: 3)
    }

    @Test func replyHasTheExpectedBytes() async throws {
        let reply = try await processor.reply(
            to: bytes(
                hex: "80010001 00000012 676574426c6f625265706c69636174696f6e 0000002a 0b 0001 00000001 6b 00"))
        // RecordingNimbus answers with a number of its own: any i32 in field 0.
        #expect(Array(reply.prefix(26)) == bytes(hex: "80010002 00000012 676574426c6f625265706c69636174696f6e"))
        #expect(Array(reply[26..<33]) == bytes(hex: "0000002a 08 0000"))
        #expect(reply.count == 38 && reply.last == 0)
    }

    @Test func requestWithOlderHeaderIsAnsweredWithVersion() async throws {
        let reply = try await processor.reply(
            to: bytes(hex: "00000008 6163746976617465 01 00000001 0b 0001 00000001 61 00"))
        #expect(reply == bytes(hex: "80010002 00000008 6163746976617465 00000001 00"))
    }

    @Test func declaredExceptionArrivesAsItself() async throws {
        nimbus.fail(with: Thrift.NotAliveException(msg: "wc is not alive"))
        await #expect(throws: Thrift.NotAliveException(msg: "wc is not alive")) {
            try await answer(NimbusCalls.killTopology, "wc")
        }
        nimbus.fail(with: Thrift.AuthorizationException(msg: "no"))
        await #expect(throws: Thrift.AuthorizationException(msg: "no")) {
            try await answer(NimbusCalls.getTopologyInfo, "wc-1")
        }
    }

    @Test func exceptionTheMethodDoesNotDeclareIsAnInternalError() async throws {
        nimbus.fail(with: Thrift.KeyNotFoundException(msg: "k"))
        await #expect(
            throws: ThriftApplicationException(
                .internalError, "Internal error processing killTopology: KeyNotFoundException: k")
        ) { try await answer(NimbusCalls.killTopology, "wc") }
    }

    @Test func anyOtherErrorIsAnInternalErrorWithItsText() async throws {
        nimbus.fail(with: ThriftError(.noLeader, "not the leader"))
        await #expect(
            throws: ThriftApplicationException(.internalError, "Internal error processing activate: not the leader")
        ) { try await answer(NimbusCalls.activate, "wc") }
    }

    @Test func unknownMethodIsSaidSo() async throws {
        await #expect(throws: ThriftApplicationException(.unknownMethod, "Invalid method name: 'fly'")) {
            try await answer(ThriftCall<ThriftVoid>("fly"))
        }
    }

    @Test func methodsAServiceLeavesOutLookUnknown() async throws {
        let processor = ThriftProcessor.nimbus(SmallNimbus())
        var writer = ThriftWriter()
        NimbusCalls.debug.writeRequest("wc", "", true, 10, sequence: 1, to: &writer)
        var reader = ThriftReader(bytes: try await processor.reply(to: writer.bytes))
        #expect(throws: ThriftApplicationException(.unknownMethod, "Invalid method name: 'debug'")) {
            try NimbusCalls.debug.readReply(from: &reader, sequence: 1)
        }
    }

    /// Storm's own clients send null for what they do not ask by: no field at all.
    @Test func argumentsThatClientsLeaveOutAreEmpty() async throws {
        _ = try await answer(NimbusCalls.getSupervisorPageInfo, nil, "h", true)
        #expect(nimbus.lastCall == .init(method: "getSupervisorPageInfo", arguments: ["", "h", true]))
        _ = try await answer(NimbusCalls.getSupervisorPageInfo, "a", nil, false)
        #expect(nimbus.lastCall == .init(method: "getSupervisorPageInfo", arguments: ["a", "", false]))
        _ = try await answer(NimbusCalls.debug, "wc", nil, true, 10)
        #expect(nimbus.lastCall == .init(method: "debug", arguments: ["wc", "", true, 10.0]))
        _ = try await answer(NimbusCalls.listBlobs, nil)
        #expect(nimbus.lastCall == .init(method: "listBlobs", arguments: [""]))
        _ = try await answer(NimbusCalls.getTopologyPageInfo, "wc-1", nil, true)
        #expect(nimbus.lastCall == .init(method: "getTopologyPageInfo", arguments: ["wc-1", ":all-time", true]))
    }

    @Test func unreadableArgumentsAreAProtocolErrorThatNamesTheField() async throws {
        // rebalance without its topology's name.
        await #expect {
            try await answer(ThriftCall<ThriftVoid>("rebalance"))
        } throws: { error in
            let error = error as? ThriftApplicationException
            return error?.kind == .protocolError && error?.message == "rebalance: rebalance lacks its argument 1"
        }
    }

    @Test func messageThatIsNoCallIsRefused() async throws {
        var writer = ThriftWriter()
        writer.write(header: ThriftMessageHeader("activate", .oneWay, 1))
        writer.writeStop()
        var reader = ThriftReader(bytes: try await processor.reply(to: writer.bytes))
        #expect(try reader.readMessageHeader().kind == .exception)
    }

    @Test func everyPrefixOfARequestIsAnsweredOrRefused() async throws {
        var writer = ThriftWriter()
        NimbusCalls.submitTopologyWithOpts.writeRequest(
            "wc", "/inbox", "{}", Samples.stormTopology(), Samples.submitOptions(), sequence: 1, to: &writer)
        let request = writer.bytes
        for length in stride(from: 0, to: request.count, by: 7) {
            do {
                let reply = try await processor.reply(to: Array(request[..<length]))
                var reader = ThriftReader(bytes: reply)
                #expect(try reader.readMessageHeader().kind == .exception)
            } catch {
                #expect(error is ThriftError)
            }
        }
        #expect(nimbus.lastCall.method == "")
    }

    @Test func randomRequestsNeverTrap() async throws {
        let seed: UInt64 = 6627
        var random = SeededGenerator(seed: seed)
        var writer = ThriftWriter()
        NimbusCalls.submitTopology.writeRequest(
            "wc", "/inbox", "{}", Samples.stormTopology(), sequence: 1, to: &writer)
        let request = writer.bytes
        for _ in 0..<2000 {
            var damaged = request
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                _ = try await processor.reply(to: damaged)
            } catch {
                #expect(error is ThriftError, "seed \(seed)")
            }
        }
    }
}
