import ArgumentParser
import Glibc
import HostileBytes

/// Throws spoiled conversations at ports; for the drills.
@main
struct HostileClient: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends mutated conversations of a corpus to ports; prints how they ended.")

    @Option(help: "Folder with conversations.")
    var corpus: String

    @Option(help: "Where the mutations begin.")
    var seed: UInt64 = 1

    @Option(help: "Conversations for each port.")
    var count = 300

    @Argument(help: "ADDRESS:PORT, an IPv4 address.")
    var targets: [String]

    func run() throws {
        var mutator = Mutator(try Corpus(folder: corpus), seed: seed)
        var ends: [Stranger.End: Int] = [:]
        for target in targets {
            let parts = target.split(separator: ":")
            guard parts.count == 2, let port = Int(parts[1]) else { throw ValidationError("'\(target)': ADDRESS:PORT") }
            for number in 0..<count {
                let pieces = mutator.pieces(mutator.next())
                let end = Stranger.say(
                    pieces, to: String(parts[0]), port: port, lingers: number % 10 == 0, milliseconds: 100)
                ends[end, default: 0] += 1
            }
        }
        print(
            "closed \(ends[.closed] ?? 0), open \(ends[.open] ?? 0), refused \(ends[.refused] ?? 0), seed \(seed)")
        // A port that nobody listens on any more was brought down.
        if let refused = ends[.refused], refused > 0 { throw ExitCode(1) }
    }
}
