import Logging
import NIOCore
import NIOHTTP1
import StormRuntime

/// Last handler of a connection for pages: takes one request, answers it, and closes. Confined to the event loop; the page
/// itself is made elsewhere.
final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        case awaiting
        case reading(PageRequest, body: [UInt8])
        case working(Task<Void, Never>)
        case answered
    }

    private let pages: PageServer
    private var phase = Phase.awaiting
    private var timer: Scheduled<Void>?

    init(_ pages: PageServer) { self.pages = pages }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: pages.limits.deadline) { [logger = pages.logger] in
            logger.debug("a connection for a page took too long, closed")
            channel.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if case .working(let task) = phase { task.cancel() }
        phase = .answered
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), phase) {
        case (.head(let head), .awaiting):
            do throws(PageRequest.Refusal) {
                phase = .reading(try PageRequest(head, takesPosts: pages.source.takesPosts), body: [])
            } catch {
                answer(.text(error.text + "\n", status: error.status), isHead: false, context)
            }
        case (.body(let bytes), .reading(let request, var body)) where request.isPost:
            // Bounded by all that the connection may send.
            body.append(contentsOf: bytes.readableBytesView)
            phase = .reading(request, body: body)
        case (.end, .reading(let request, let body)): start(request, body, context)
        // A connection is for one request.
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch phase {
        case .awaiting where error is HTTPParserError, .reading where error is HTTPParserError:
            answer(.text("this is not a request\n", status: 400), isHead: false, context)
        default: context.close(promise: nil)
        }
    }

    private func start(_ request: PageRequest, _ body: [UInt8], _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        let pages = pages
        guard let place = pages.places.works(context.channel) else { return context.close(promise: nil) }
        phase = .working(
            Task {
                defer { pages.places.worked(place) }
                let page =
                    request.isPost
                    ? await pages.source.post(request.path, query: request.query, body: body)
                    : await pages.source.page(request.path, query: request.query)
                eventLoop.execute {
                    let (handler, context) = bound.value
                    guard case .working = handler.phase else { return }
                    handler.answer(handler.bounded(page, request.path), isHead: request.isHead, context)
                }
            })
    }

    private func bounded(_ page: Page?, _ path: String) -> Page {
        guard let page else {
            // Where nobody has taken `/`, it is the list of the pages.
            let index = pages.source.titles.first { $0.path == "/" }
            let hint = index.map { "/ is \($0.title)" } ?? "/ lists the pages"
            return .text("there is no page \(path); \(hint)\n", status: 404)
        }
        guard page.body.count <= pages.limits.bodyBytesMax else {
            return .text("the page has \(page.body.count) bytes, too many\n", status: 500)
        }
        return page
    }

    private func answer(_ page: Page, isHead: Bool, _ context: ChannelHandlerContext) {
        phase = .answered
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: page.status))
        head.headers = [
            "content-type": page.contentType, "content-length": "\(page.body.count)", "connection": "close",
            "cache-control": "no-store",
        ]
        for (name, value) in page.headers { head.headers.replaceOrAdd(name: name, value: value) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: page.body)))), promise: nil) }
        let channel = context.channel
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}
