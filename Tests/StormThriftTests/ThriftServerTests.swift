import NIOCore
import StormThrift
import Testing

@Suite(.timeLimit(.minutes(2))) struct ThriftServerTests {
    @Test func undeclaredErrorsAndUnknownMethodsLeaveTheConnectionOpen() async throws {
        try await withNimbus { nimbus, client async throws in
            nimbus.fail(with: Thrift.NotAliveException(msg: "wc"))
            await #expect(throws: Thrift.NotAliveException(msg: "wc")) { try await client.activate(name: "wc") }
            nimbus.fail(with: CancellationError())
            let message = "Internal error processing activate: CancellationError()"
            await #expect(throws: ThriftApplicationException(.internalError, message)) {
                try await client.activate(name: "wc")
            }
            await #expect(throws: ThriftApplicationException(.unknownMethod, "Invalid method name: 'fly'")) {
                _ = try await client.call(ThriftCall<ThriftVoid>("fly"))
            }
            nimbus.fail(with: nil)
            try await client.activate(name: "wc")
            #expect(client.connection.isOpen)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await withServer(EchoService().processor) { server async throws in
            let client = try await RawClient(port: server.port)
            try await client.run { send, replies async throws in
                var requests = ByteBuffer()
                for number in 1...100 {
                    requests.writeImmutableBuffer(requestFrame(EchoService.echo, "\(number)", sequence: Int32(number)))
                }
                try await send(requests)
                var received = ByteBuffer()
                for number in 1...100 {
                    let frame = try await nextFrame(&received, &replies)
                    var reader = ThriftReader(try #require(frame))
                    #expect(try EchoService.echo.readReply(from: &reader, sequence: Int32(number)) == "\(number)")
                }
            }
        }
    }

    @Test func requestThatComesByteByByteIsAnswered() async throws {
        try await withServer(EchoService().processor) { server async throws in
            let client = try await RawClient(port: server.port)
            try await client.run { send, replies async throws in
                for byte in requestFrame(EchoService.echo, "slow", sequence: 1).readableBytesView {
                    try await send(ByteBuffer(bytes: [byte]))
                }
                var received = ByteBuffer()
                var reader = ThriftReader(try #require(try await nextFrame(&received, &replies)))
                #expect(try EchoService.echo.readReply(from: &reader, sequence: 1) == "slow")
            }
        }
    }

    /// Bytes keep coming, but never a whole request: the clock is not set back by them.
    @Test func clientThatNeverCompletesARequestIsDisconnected() async throws {
        try await withServer(EchoService().processor) {
            $0.idleTimeout = .milliseconds(100)
        } _: { server async throws in
            let client = try await RawClient(port: server.port)
            try await client.run { send, replies async throws in
                try await send(ByteBuffer(integer: Int32(1000)))
                #expect(try await endOfStream(&replies))
            }
        }
    }

    @Test func clientThatDoesNotReadItsRepliesIsDisconnected() async throws {
        try await withServer(EchoService().processor) {
            $0.idleTimeout = .milliseconds(200)
        } _: { server async throws in
            let client = try await RawClient(port: server.port)
            await #expect(throws: (any Error).self) {
                try await client.run { send, _ async throws in
                    // 64 replies of 900 KB are more than the buffers of both sockets hold; the sends fail in the end.
                    for number in 1...Int32.max {
                        try await send(requestFrame(EchoService.repeated, "123456789", 100_000, sequence: number))
                    }
                }
            }
        }
    }

    @Test func requestInProgressIsNotLimitedByTheIdleTimeoutAndIsCancelledWithItsConnection() async throws {
        let service = EchoService()
        var events = service.events.makeAsyncIterator()
        try await withServer(service.processor) {
            $0.idleTimeout = .milliseconds(50)
        } _: { server async throws in
            let client = try await connect(server)
            await #expect {
                _ = try await client.call(EchoService.wait, timeout: .milliseconds(300))
            } throws: { ($0 as? ThriftError)?.code == .timedOut }
        }
        #expect(await events.next() == .waiting)
        // The client closes the connection after it has thrown; that it does is seen here.
        #expect(await events.next() == .cancelled)
    }

    @Test(arguments: [Int32(0), -5, 1_048_577, 0x4745_5420])
    func frameLengthOutOfRangeEndsTheConnection(_ length: Int32) async throws {
        try await withServer(EchoService().processor) { server async throws in
            let client = try await RawClient(port: server.port)
            try await client.run { send, replies async throws in
                try await send(ByteBuffer(integer: length))
                #expect(try await endOfStream(&replies))
            }
        }
    }

    @Test func requestWithoutAReadableHeaderEndsTheConnection() async throws {
        try await withServer(EchoService().processor) { server async throws in
            let client = try await RawClient(port: server.port)
            try await client.run { send, replies async throws in
                try await send(ByteBuffer(bytes: [0, 0, 0, 4, 0x80, 9, 9, 9]))
                #expect(try await endOfStream(&replies))
            }
        }
    }

    @Test func whoAsksNothingForLongestMakesRoomForTheNext() async throws {
        try await withServer(EchoService().processor) {
            $0.connectionsMax = 2
        } _: { server async throws in
            let clients = [try await connect(server), try await connect(server)]
            // The first one asks last, so the second one has been silent for longer.
            for client in [clients[0], clients[1], clients[0]] {
                #expect(try await client.call(EchoService.echo, "in", timeout: .seconds(20)) == "in")
            }
            let third = try await connect(server)
            #expect(try await third.call(EchoService.echo, "in", timeout: .seconds(20)) == "in")
            #expect(try await clients[0].call(EchoService.echo, "in", timeout: .seconds(20)) == "in")
            await #expect {
                _ = try await clients[1].call(EchoService.echo, "out", timeout: .seconds(20))
            } throws: { ($0 as? ThriftError)?.code == .connectionClosed }
            #expect(server.displacedCount == 1 && server.refusedCount == 0 && server.connectionCount == 2)
            for client in clients + [third] { await client.close() }
        }
    }

    @Test func whileAllConnectionsAreServedAnotherOneIsRefused() async throws {
        let service = EchoService()
        try await withServer(service.processor) {
            $0.connectionsMax = 2
        } _: { server async throws in
            let clients = [try await connect(server), try await connect(server)]
            try await withThrowingTaskGroup(of: String.self) { group in
                for client in clients {
                    group.addTask { try await client.call(EchoService.wait, timeout: .seconds(60)) }
                }
                var events = service.events.makeAsyncIterator()
                for _ in clients { #expect(await events.next() == .waiting) }
                let third = try await connect(server)
                await #expect {
                    _ = try await third.call(EchoService.echo, "out", timeout: .seconds(20))
                } throws: { ($0 as? ThriftError)?.code == .connectionClosed }
                #expect(server.refusedCount == 1 && server.displacedCount == 0 && server.connectionCount == 2)
                for _ in clients { service.release() }
                for try await answer in group { #expect(answer == "released") }
            }
            for client in clients { await client.close() }
        }
    }

    @Test func portInUseIsAClearError() async throws {
        try await withServer(EchoService().processor) { server async throws in
            await #expect {
                _ = try await ThriftServer.start(
                    .init(host: "127.0.0.1", port: server.port), processor: EchoService().processor,
                    logger: quietLogger)
            } throws: { error in
                guard let error = error as? ThriftError else { return false }
                return error.code == .addressInUse
                    && error.description.hasPrefix("port \(server.port) on 127.0.0.1 is in use by another process: ")
                    && !error.description.contains("errno")
            }
        }
    }

    @Test func addressOfAnotherMachineCannotBeBound() async throws {
        await #expect {
            _ = try await ThriftServer.start(
                .init(host: "192.0.2.1", port: 0), processor: EchoService().processor, logger: quietLogger)
        } throws: {
            ($0 as? ThriftError)?.code == .bindFailed
                && "\($0)" == "cannot listen on 192.0.2.1:0: Cannot assign requested address"
        }
    }

    @Test func closingAnswersTheRequestInProgress() async throws {
        let service = EchoService()
        var events = service.events.makeAsyncIterator()
        let server = try await ThriftServer.start(
            .init(host: "127.0.0.1", port: 0), processor: service.processor, logger: quietLogger)
        let client = try await connect(server)
        let idle = try await connect(server)
        async let reply = client.call(EchoService.wait, timeout: .seconds(60))
        #expect(await events.next() == .waiting)
        async let closed: Void = server.close(grace: .seconds(60))
        // The idle connection's end shows that closing has begun. (A call on it could still be taken before.)
        let deadline = ContinuousClock.now + .seconds(30)
        while server.connectionCount > 1, ContinuousClock.now < deadline { await Task.yield() }
        #expect(server.connectionCount == 1)
        service.release()
        #expect(try await reply == "released")
        await closed
        await #expect(throws: ThriftError.self) { try await idle.call(EchoService.wait, timeout: .seconds(10)) }
        #expect(server.connectionCount == 0)
        await #expect {
            _ = try await connect(server)
        } throws: { ($0 as? ThriftError)?.code == .connectionRefused }
        await server.close()
    }

    @Test func closingDoesNotWaitLongerThanItsGrace() async throws {
        let service = EchoService()
        var events = service.events.makeAsyncIterator()
        try await withServer(service.processor) { server async throws in
            let client = try await connect(server)
            let reply = Task { try await client.call(EchoService.wait, timeout: .seconds(60)) }
            #expect(await events.next() == .waiting)
            await server.close(grace: .milliseconds(20))
            await #expect(throws: ThriftError.self) { _ = try await reply.value }
            #expect(await events.next() == .cancelled)
        }
    }

    @Test func hundredClientsAtOnceGetTheirOwnReplies() async throws {
        try await withServer(EchoService().processor) { server async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask { () async throws in
                        let client = try await connect(server)
                        for turn in 0..<20 {
                            let text = "\(number)/\(turn)"
                            #expect(try await client.call(EchoService.echo, text, timeout: .seconds(60)) == text)
                        }
                        await client.close()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func nextFrame(
        _ received: inout ByteBuffer, _ stream: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) async throws -> ByteBuffer? {
        var decoder = ThriftFrameDecoder(frameBytesMax: 1_048_576)
        while true {
            if let frame = try decoder.decode(buffer: &received) { return frame }
            guard let more = try await stream.next() else { return nil }
            received.writeImmutableBuffer(more)
        }
    }

    /// True when the server closes, whether in order or by a reset (which it sends when bytes were left unread).
    private func endOfStream(
        _ stream: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) async throws -> Bool {
        do {
            return try await stream.next() == nil
        } catch is IOError {
            return true
        }
    }
}
