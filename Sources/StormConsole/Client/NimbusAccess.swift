package import StormCore
package import StormThrift

/// Connects the client commands to the leading nimbus.
package enum NimbusAccess {
    /// Calls `body` with a connection to the leader, which is closed afterwards whatever happens.
    /// - Throws: a `CommandFailure` when no leader is found after the configured attempts.
    package static func withLeader<Result: Sendable>(
        _ config: Config, _ body: (any NimbusService) async throws -> Result
    ) async throws -> Result {
        let client = try await leader(config)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    private static func leader(_ config: Config) async throws -> NimbusClient {
        var settings = NimbusClient.Configuration()
        settings.callTimeout = config.duration(.stormThriftSocketTimeoutMs)
        do {
            return try await NimbusClient.leader(
                seeds: config[.nimbusSeeds], port: config[.nimbusThriftPort], configuration: settings)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw CommandFailure(NimbusErrorText.text(error))
        }
    }
}
