import NIOCore
import NIOPosix

/// Sends a few bytes over TCP and reads until the other side closes: ZooKeeper's four-letter words.
enum TextQuestion {
    static let answerBytesMax = 64 << 10

    /// - Throws: `PageClient.Failure`.
    static func ask(_ text: String, host: String, port: Int, within limit: Duration) async throws -> String {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = eventLoop.makePromise(of: String.self)
        let timer = eventLoop.scheduleTask(in: TimeAmount(limit)) {
            promise.fail(PageClient.Failure("no answer within \(limit)"))
        }
        defer { timer.cancel() }
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(limit))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TextAnswerHandler(text, promise))
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

/// Confined to the event loop.
private final class TextAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String
    private let promise: EventLoopPromise<String>
    private var answer = ByteBuffer()

    init(_ text: String, _ promise: EventLoopPromise<String>) {
        self.text = text
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: text)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        answer.writeBuffer(&bytes)
        if answer.readableBytes > TextQuestion.answerBytesMax {
            promise.fail(PageClient.Failure("the answer is longer than \(TextQuestion.answerBytesMax) bytes"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(PageClient.failure(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(String(buffer: answer))
        context.fireChannelInactive()
    }
}
