internal import Logging

extension ZooKeeperClient {
    /// Makes the server end this client's session, as it does after silence, but at once: a second handle takes the
    /// session over and closes it. For tests. Returns when the server has ended it.
    package func expireSession(within timeout: Duration = .seconds(20)) async throws {
        guard let credentials = core.currentHandle?.credentials else {
            throw ZooKeeperError(.sessionExpired, "expireSession", detail: "there is no session")
        }
        var configuration = core.configuration
        configuration.chroot = "/"
        configuration.createsChroot = false
        let deadline = ContinuousClock.now + timeout
        // The client may take its session back before the twin has closed it: until a twin is told that it is gone.
        while .now < deadline {
            let twin = try ZooKeeperClient(configuration, logger: logger, resuming: credentials)
            let found: SessionID
            do {
                try await twin.waitUntilConnected(within: timeout)
                found = twin.session.sessionID
            } catch {
                await twin.close()
                throw error
            }
            await twin.close()
            if found != credentials.session { return }
        }
        throw ZooKeeperError(.waitTimeout, "expireSession")
    }
}
