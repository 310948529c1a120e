package import NIOCore
internal import NIOPosix

/// A connection to one nimbus, with every method of `NimbusService` as a call.
///
/// ```swift
/// let nimbus = try await NimbusClient.leader(seeds: ["node1", "node2"], port: 6627)
/// for topology in try await nimbus.getTopologySummaries() { print(topology.name, topology.status) }
/// await nimbus.close()
/// ```
///
/// Calls throw the exceptions that `NimbusCalls` declares (`Thrift.NotAliveException`, …), `ThriftApplicationException`
/// for an error that the method does not declare, and `ThriftError` for the connection.
package struct NimbusClient: Sendable {
    package struct Configuration: Sendable {
        package var connectTimeout = Duration.seconds(10)
        /// The deadline of each call, the wait for others on the same connection included.
        package var callTimeout = Duration.seconds(60)
        /// How long one seed may take to accept a connection, and to say who leads; then the next one is asked. A nimbus
        /// that hangs accepts connections and never answers.
        package var discoveryTimeout = Duration.seconds(5)
        /// How long to ask again when some nimbus answers but none leads: after the death of a leader that takes until
        /// its session is over. Zero: not at all.
        package var electionPatience = Duration.zero
        package var limits = ThriftLimits()
        package var group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

        package init() {}
    }

    package let connection: ThriftConnection
    package let configuration: Configuration

    /// Connects to this very nimbus, whether it leads or not.
    package static func connect(
        host: String, port: Int, configuration: Configuration = Configuration()
    ) async throws -> NimbusClient {
        let connection = try await ThriftConnection.connect(
            host: host, port: port, timeout: configuration.connectTimeout, limits: configuration.limits,
            group: configuration.group)
        return NimbusClient(connection: connection, configuration: configuration)
    }

    /// The same connection with another deadline for its calls.
    package func callTimeout(_ timeout: Duration) -> NimbusClient {
        var changed = configuration
        changed.callTimeout = timeout
        return NimbusClient(connection: connection, configuration: changed)
    }

    package func call<Result: ThriftResult, each Argument: ThriftArgument>(
        _ call: ThriftCall<Result, repeat each Argument>, _ arguments: repeat each Argument
    ) async throws -> Result {
        try await connection.call(call, repeat each arguments, timeout: configuration.callTimeout)
    }

    package func close() async { await connection.close() }
}
