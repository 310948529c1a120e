package import Logging
import NIOCore
import NIOPosix
package import StormRuntime
import Synchronization

/// A port that answers HTTP with pages, for processes that listen to no workers. The limits of `PageServer` hold.
package final class PageListener: Sendable {
    /// The port that is bound.
    package let port: Int
    private let channel: any Channel
    private let registry: InboundRegistry

    private init(_ channel: any Channel, port: Int, _ registry: InboundRegistry) {
        self.channel = channel
        self.port = port
        self.registry = registry
    }

    /// - Parameters:
    ///   - port: 0: any free one.
    ///   - isOnlyPort: whether no other will do. Otherwise one that is in use gives way to a free one, with a warning: pages
    ///     must not keep a daemon from its work, and whoever looks for them finds the port that was bound.
    /// - Throws: `TransportError`: `portInUse`, `bindFailed`.
    package static func start(
        host: String, port: Int, isOnlyPort: Bool = false, source: any PageSource, logger: Logger
    ) async throws -> PageListener {
        let registry = InboundRegistry()
        let bootstrap = bootstrap(PageServer(source, logger: logger), registry)
        let channel: any Channel
        do {
            channel = try await bind(bootstrap, host, port)
        } catch let error as TransportError where error.code == .portInUse && port != 0 && !isOnlyPort {
            logger.warning("port \(port) for pages is in use; takes any free one")
            channel = try await bind(bootstrap, host, 0)
        }
        let bound = channel.localAddress?.port ?? port
        logger.info("listening for pages", metadata: [LogKey.port: "\(bound)"])
        return PageListener(channel, port: bound, registry)
    }

    private static func bind(_ bootstrap: ServerBootstrap, _ host: String, _ port: Int) async throws -> any Channel {
        do {
            return try await bootstrap.bind(host: host, port: port).get()
        } catch {
            throw TransportError.binding(host, port, error)
        }
    }

    private static func bootstrap(_ pages: PageServer, _ registry: InboundRegistry) -> ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard registry.add(channel) else { return channel.close(promise: nil) }
                    channel.closeFuture.whenComplete { _ in registry.remove(channel) }
                    if pages.places.enter(channel) {
                        try channel.pipeline.syncOperations.addHandlers(pages.handlers())
                    } else {
                        pages.refuse(channel)
                    }
                }
            }
    }

    /// Listens no more, and ends the connections that are open.
    package func close() async {
        // Closing a listening socket cannot fail in a way that matters here.
        try? await channel.close()
        await registry.closeAll(forGood: true)
    }
}
