package import StormCore
package import StormThrift

/// Connects the client commands to the leading nimbus.
package enum NimbusAccess {
    /// Calls `body` with a connection to the leader, which is closed afterwards whatever happens.
    /// - Parameter isPatient: whether to wait for an election, and for a slow nimbus; false for who asks again anyway.
    /// - Throws: a `CommandFailure` when no leader is found after the configured attempts.
    package static func withLeader<Result: Sendable>(
        _ config: Config, isPatient: Bool = true, _ body: (any NimbusService) async throws -> Result
    ) async throws -> Result {
        var attempt = 1
        while true {
            let client = try await leader(config, isPatient: isPatient)
            do {
                let result = try await body(client)
                await client.close()
                return result
            } catch let error as ThriftApplicationException where error.isNotLeader && attempt < attemptsMax {
                // The leadership has passed on since we asked; nothing was done yet.
                await client.close()
                attempt += 1
                try await ContinuousClock().sleep(for: .milliseconds(250))
            } catch {
                await client.close()
                guard let error = error as? ThriftApplicationException else { throw error }
                throw CommandFailure.nimbus(error)
            }
        }
    }

    /// Calls that meet a nimbus that has just lost the leadership.
    private static let attemptsMax = 5

    /// How commands reach the leader: they wait for the election of another one for `storm.nimbus.retry.times` times
    /// `storm.nimbus.retry.interval.millis`, at least until the session of a dead leader is over; not at all with no
    /// retries.
    package static func settings(_ config: Config) -> NimbusClient.Configuration {
        var settings = NimbusClient.Configuration()
        settings.callTimeout = config.duration(.stormThriftSocketTimeoutMs)
        let retries = config[.stormNimbusRetryTimes]
        if retries > 0 {
            let asked = config.duration(.stormNimbusRetryIntervalMillis) * retries
            let session = config.duration(.stormZookeeperSessionTimeout) + .seconds(5)
            settings.electionPatience = max(asked, session)
        }
        return settings
    }

    private static func leader(_ config: Config, isPatient: Bool) async throws -> NimbusClient {
        var settings = settings(config)
        if !isPatient {
            settings.electionPatience = .zero
            settings.callTimeout = min(settings.callTimeout, .seconds(5))
            settings.discoveryTimeout = min(settings.discoveryTimeout, .seconds(2))
        }
        do {
            return try await NimbusClient.leader(
                seeds: config[.nimbusSeeds], port: config[.nimbusThriftPort], configuration: settings)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw CommandFailure.nimbus(error)
        }
    }
}
