import StormCluster
package import StormThrift

/// A nimbus without a port of its own: whoever holds it carries the calls. For simulation.
extension Nimbus {
    /// What it answers to calls.
    package var service: any NimbusService { handler }

    /// As `run`, and for good: whoever ends it lets go of it. Under the name `host:port` of the configuration.
    /// - Throws: as `run`, and `CancellationError`.
    package func runEmbedded() async throws {
        try await directory.prepare()
        try await retrying("preparing the coordination store") { try await state.prepare() }
        try await serve(as: "\(configuration.host):\(configuration.port)", port: configuration.port) { _ in }
    }
}
