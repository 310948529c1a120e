import ArgumentParser
import StormConsole
import StormCore

/// `--wait` and `--timeout` of the commands that change a topology.
struct WaitOptions: ParsableArguments {
    @Flag(name: .customLong("wait"), help: "Return when it is done, not when it has begun.")
    var isOn = false

    @Option(
        name: .customLong("timeout"),
        help: ArgumentHelp(
            "With --wait: seconds after which waiting is given up (status 4); 300 without.", valueName: "seconds"))
    var timeoutSeconds: Int?

    func validate() throws {
        guard let timeoutSeconds else { return }
        guard isOn else { throw ValidationError("--timeout is for --wait, which is missing") }
        guard (1...604_800).contains(timeoutSeconds) else {
            throw ValidationError("--timeout \(timeoutSeconds): 1 to 604800 seconds")
        }
    }

    /// What the command line asks for; nil without `--wait`.
    var request: WaitRequest? {
        isOn ? WaitRequest(limitSeconds: timeoutSeconds ?? WaitRequest.usualLimitSeconds) : nil
    }

    /// Without `--wait` the outcome as it is.
    /// - Throws: `CommandFailure`: `outOfTime`.
    func end(of outcome: TopologyOutcome, _ goal: WaitGoal, _ config: Config) async throws -> TopologyOutcome {
        guard let request else { return outcome }
        return try await request.end(of: outcome, goal, config, write: { Output.errorLine($0) })
    }

    /// Waits for one topology and prints its document, also when the wait fails: what was asked for was done.
    func finish(_ outcome: TopologyOutcome, _ goal: WaitGoal, _ config: Config, isJSON: Bool) async throws {
        var document: (@Sendable (String) -> Void)?
        if isJSON { document = { line in Output.line(line) } }
        try await WaitRequest.finish(
            request, outcome, goal, config, document: document
        ) { line in Output.errorLine(line) }
    }
}
