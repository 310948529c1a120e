import Logging
import NIOCore
import NIOHTTP1

extension PageServer {
    /// For one connection, the network's side first. Called on its event loop.
    func handlers() -> [any ChannelHandler] {
        [
            PageInputLimit(bytesMax: limits.requestBytesMax),
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)), HTTPResponseEncoder(),
            PageHandler(self),
        ]
    }

    /// All places are taken: says so and closes. The channel has no handlers.
    func refuse(_ channel: any Channel) {
        logger.debug("too many connections for pages")
        let answer = ByteBuffer(
            string: "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        let written = channel.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        channel.writeAndFlush(answer, promise: written)
    }
}
