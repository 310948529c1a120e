import ArgumentParser
import CheckerLog
import FoundationEssentials
import Glibc
import Storm

/// Reads the diaries and says whether anything was lost.
struct VerdictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Checker verdict",
        abstract: "Prints the verdict as one line of JSON; exits 1 when a message was lost or is not finished.")

    @Argument(help: "The folder of the diaries.")
    var folder: String

    @Option(help: "Seconds to wait until every message is acked.")
    var wait = 0

    @Option(help: "When the incident was, milliseconds since 1970: what came after it is told.")
    var incident: Int64?

    @Flag(help: "The topology still emits: messages may be under way.")
    var running = false

    func run() throws {
        guard access(folder, R_OK) == 0 else { throw ValidationError("there is no folder '\(folder)'") }
        let folder = try CheckFolder(folder)
        var tally = Tally()
        let deadline = WallClock.microseconds + Int64(wait) * 1_000_000
        while true {
            try tally.update(folder)
            if tally.isComplete || WallClock.microseconds >= deadline { break }
            usleep(200_000)
        }
        let verdict = tally.verdict(incident: incident.map { $0 * 1000 }) {
            FailureReason(rawValue: $0).map { "\($0)" } ?? "reason \($0)"
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(verdict), as: UTF8.self))
        if !verdict.holds(isRunning: running) { throw ExitCode(1) }
    }
}
