package import Logging
package import NIOCore
internal import NIOPosix

/// Serves one `ThriftProcessor` on a TCP port: framed transport, binary protocol, as Storm's default plug-in.
///
/// ```swift
/// let server = try await ThriftServer.start(.init(port: 6627), processor: .nimbus(service), logger: logger)
/// …
/// await server.close()
/// ```
///
/// Each connection has one request in progress; replies come in the order of the requests. Requests of different
/// connections run concurrently, at most one per connection and so at most `connectionsMax`.
package final class ThriftServer: Sendable {
    package struct Configuration: Sendable {
        package var host: String
        /// 0: any free port; see `ThriftServer.port`.
        package var port: Int
        package var limits = ThriftLimits()
        /// When so many are open, whoever has sent no whole request for longest makes room for the next connection; while
        /// all are being served, that one is closed.
        package var connectionsMax = 1024
        /// How long a connection may take to send a whole request, and to take a whole reply. A request in progress is
        /// not limited here. Storm: `storm.thrift.socket.timeout.ms`.
        package var idleTimeout = Duration.seconds(600)

        package init(host: String = "0.0.0.0", port: Int) {
            self.host = host
            self.port = port
        }
    }

    private let listener: any Channel
    private let registry: ThriftServerConnections

    private init(listener: any Channel, registry: ThriftServerConnections) {
        self.listener = listener
        self.registry = registry
    }

    /// Binds and listens; returns when connections are taken.
    /// - Parameter group: the event loops to run on; shared by everything in the process unless given.
    /// - Throws: `ThriftError` `addressInUse` or `bindFailed`, with host and port in its text.
    package static func start(
        _ configuration: Configuration, processor: ThriftProcessor, logger: Logger,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> ThriftServer {
        let registry = ThriftServerConnections(connectionsMax: configuration.connectionsMax, logger: logger)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Reading goes on only when the next request is wanted, one read at a time.
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try registry.add(channel)
                    let limit = configuration.limits.frameBytesMax
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(ThriftFrameDecoder(frameBytesMax: limit)),
                        ThriftServerHandler(
                            processor: processor, connections: registry, idleTimeout: configuration.idleTimeout,
                            logger: logger))
                }
            }
        do {
            let listener = try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
            return ThriftServer(listener: listener, registry: registry)
        } catch {
            throw bindError(error, configuration)
        }
    }

    /// The port it listens on.
    package var port: Int { listener.localAddress?.port ?? 0 }

    /// Connections that are open now.
    package var connectionCount: Int { registry.count }

    /// Connections that were closed as they came because there were too many.
    package var refusedCount: Int { registry.refusedCount }

    /// Connections that were closed, while they sent no request, for others to have room.
    package var displacedCount: Int { registry.displacedCount }

    /// Stops: takes no more connections, closes the idle ones, answers the requests in progress and closes theirs; after
    /// `grace` closes what is left. Returns when all are closed. Calling it again does no harm.
    package func close(grace: Duration = .seconds(5)) async {
        // Closing a closed channel is the only way this fails, and then there is nothing to do.
        try? await listener.close().get()
        let connections = registry.beginClosing()
        for connection in connections { connection.pipeline.fireUserInboundEventTriggered(ThriftServerHandler.Drain()) }
        let force = listener.eventLoop.scheduleTask(in: TimeAmount(grace)) {
            for connection in connections { connection.close(promise: nil) }
        }
        for connection in connections {
            // How a connection ended does not matter here.
            try? await connection.closeFuture.get()
        }
        force.cancel()
    }

    private static func bindError(_ error: any Error, _ configuration: Configuration) -> ThriftError {
        let address = "\(configuration.host):\(configuration.port)"
        guard let fault = error as? IOError else {
            return ThriftError(.bindFailed, "cannot listen on \(address)", cause: error)
        }
        if fault.errnoCode == addressInUseErrno {
            return ThriftError(
                .addressInUse,
                "port \(configuration.port) on \(configuration.host) is in use by another process: "
                    + "stop that process or configure another port")
        }
        return ThriftError(.bindFailed, "cannot listen on \(address): \(errnoText(fault.errnoCode))")
    }
}
