import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a worker for one of its pages: one GET on a connection of its own.
package enum PageClient {
    package struct Answer: Equatable, Sendable {
        package var status: Int
        package var body: [UInt8]

        package init(status: Int, body: [UInt8]) {
            self.status = status
            self.body = body
        }
    }

    /// Why there is no answer, in a few words.
    package struct Failure: Error, Equatable, CustomStringConvertible {
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    /// A longer answer is given up.
    package static let bodyBytesMax = 8 << 20

    /// - Parameter limit: from now to the last byte of the answer.
    /// - Throws: `Failure`.
    package static func get(_ path: String, from place: WorkerPlace, within limit: Duration) async throws -> Answer {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = eventLoop.makePromise(of: Answer.self)
        // What completes the promise first counts.
        let timer = eventLoop.scheduleTask(in: TimeAmount(limit)) {
            promise.fail(Failure("no answer within \(limit)"))
        }
        defer { timer.cancel() }
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(limit))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        HTTPRequestEncoder(),
                        ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)),
                        PageAnswerHandler(path, from: place, promise),
                    ])
                }
            }
        bootstrap.connect(host: place.host, port: place.port).whenComplete { result in
            switch result {
            case .success(let channel): promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
            case .failure(let error): promise.fail(failure(error))
            }
        }
        return try await promise.futureResult.get()
    }

    static func failure(_ error: any Error) -> Failure {
        switch error {
        case let error as Failure: error
        case let error as NIOConnectionError:
            error.connectionErrors.last.map { failure($0.error) } ?? Failure("cannot find \(error.host)")
        case let error as IOError: Failure(String(cString: strerror(error.errnoCode)))
        case is HTTPParserError: Failure("the answer is not HTTP")
        case ChannelError.connectTimeout: Failure("no connection in time")
        default: Failure("\(error)")
        }
    }
}

/// Sends the request and collects the answer. Confined to the event loop.
private final class PageAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let path: String
    private let place: WorkerPlace
    private let promise: EventLoopPromise<PageClient.Answer>
    private var answer: PageClient.Answer?

    init(_ path: String, from place: WorkerPlace, _ promise: EventLoopPromise<PageClient.Answer>) {
        self.path = path
        self.place = place
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = ["host": "\(place)", "connection": "close", "accept": "application/json"]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): answer = PageClient.Answer(status: Int(head.status.code), body: [])
        case .body(let bytes):
            guard let have = answer?.body.count, have + bytes.readableBytes <= PageClient.bodyBytesMax else {
                return promise.fail(PageClient.Failure("the answer is longer than \(PageClient.bodyBytesMax) bytes"))
            }
            answer?.body.append(contentsOf: bytes.readableBytesView)
        case .end:
            if let answer { promise.succeed(answer) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(PageClient.failure(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(PageClient.Failure("the connection was closed without an answer"))
        context.fireChannelInactive()
    }
}
