import NIOCore
import NIOPosix

/// ZooKeeper's "four letter words": a word on a connection of its own, answered with text.
package enum FourLetterWord {
    /// A longer answer is cut off.
    static let bytesMax = 1 << 20

    /// - Parameters:
    ///   - server: `host:port`, `[v6]:port`.
    ///   - limit: from now to the last byte of the answer.
    /// - Throws: `PageClient.Failure`.
    package static func ask(_ word: String, _ server: String, within limit: Duration) async throws -> String {
        guard let colon = server.lastIndex(of: ":"), let port = Int(server[server.index(after: colon)...]) else {
            throw PageClient.Failure("\(server) is not host:port")
        }
        let host = server[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
        return try await ask(word, host: String(host), port: port, within: limit)
    }

    /// As above.
    /// - Parameter host: a name or an address, without brackets.
    package static func ask(
        _ word: String, host: String, port: Int, within limit: Duration
    ) async throws -> String {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = eventLoop.makePromise(of: String.self)
        // What completes the promise first counts.
        let timer = eventLoop.scheduleTask(in: TimeAmount(limit)) {
            promise.fail(PageClient.Failure("no answer within \(limit)"))
        }
        defer { timer.cancel() }
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(limit))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(WordHandler(word, promise))
                }
            }
        bootstrap.connect(host: host, port: port).whenComplete { result in
            switch result {
            case .success(let channel): promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
            case .failure(let error): promise.fail(PageClient.failure(error))
            }
        }
        return try await promise.futureResult.get()
    }
}

/// Sends the word and collects the answer until the server closes. Confined to the event loop.
private final class WordHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let word: String
    private let promise: EventLoopPromise<String>
    private var bytes: [UInt8] = []

    init(_ word: String, _ promise: EventLoopPromise<String>) {
        self.word = word
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: word)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        if bytes.count > FourLetterWord.bytesMax { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(PageClient.failure(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(String(decoding: bytes.prefix(FourLetterWord.bytesMax), as: UTF8.self))
        context.fireChannelInactive()
    }
}
