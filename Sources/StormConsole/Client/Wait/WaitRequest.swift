import Glibc
package import StormCore

/// `--wait` of a command line, carried out with progress on standard error.
package struct WaitRequest: Equatable, Sendable {
    package static let usualLimitSeconds = 300

    package var limitSeconds: Int

    package init(limitSeconds: Int) { self.limitSeconds = limitSeconds }

    /// - Parameter write: takes lines for standard error.
    /// - Returns: the outcome with its end.
    /// - Throws: `CommandFailure`: `outOfTime`.
    package func end(
        of outcome: TopologyOutcome, _ goal: WaitGoal, _ config: Config, write: @escaping @Sendable (String) -> Void
    ) async throws -> TopologyOutcome {
        let chatter = WaitChatter(isTerminal: isatty(STDERR_FILENO) == 1, line: .standardError(), write: write)
        defer { chatter.end() }
        let wait = TopologyWait(
            outcome.name, id: outcome.id, goal, limit: .seconds(limitSeconds), config: config
        ) { chatter.show($0) }
        return outcome.waited(try await wait.run())
    }

    /// Waits, if that was asked for, and prints the outcome's document, also when the wait fails: what was asked for was
    /// done.
    /// - Parameter document: takes the JSON; nil for none.
    package static func finish(
        _ request: WaitRequest?, _ outcome: TopologyOutcome, _ goal: WaitGoal, _ config: Config,
        document: (@Sendable (String) -> Void)?, write: @escaping @Sendable (String) -> Void
    ) async throws {
        do {
            let end = try await request?.end(of: outcome, goal, config, write: write) ?? outcome
            document?(try JSONOutput.text(end))
        } catch let failure as CommandFailure {
            document?(try JSONOutput.text(outcome))
            throw failure
        }
    }
}
