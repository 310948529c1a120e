import ArgumentParser
import Glibc
import HostileBytes

/// Throws spoiled conversations at ports; for the drills.
@main
struct HostileClient: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends mutated conversations of a corpus to ports, or besieges them; prints how it ended.")

    @Option(help: "Folder with conversations.")
    var corpus: String

    @Option(help: "Where the mutations begin.")
    var seed: UInt64 = 1

    @Option(help: "Conversations for each port.")
    var count = 300

    @Option(
        help: "Instead: so many connections at a time that drip one conversation; until the port has closed them all.")
    var siege: Int?

    @Option(help: "Of the conversation that is dripped, in the corpus.")
    var name = "no-end"

    @Option(help: "Seconds after which a port must have closed them.")
    var within = 20.0

    @Argument(help: "ADDRESS:PORT, an IPv4 address.")
    var targets: [String]

    func run() throws {
        let corpus = try Corpus(folder: corpus)
        let places = try targets.map(Self.place)
        if let siege { try besiege(places, corpus, siege) } else { try talk(places, corpus) }
    }

    private static func place(_ target: String) throws -> (host: String, port: Int) {
        let parts = target.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else { throw ValidationError("'\(target)': ADDRESS:PORT") }
        return (String(parts[0]), port)
    }

    private func talk(_ places: [(host: String, port: Int)], _ corpus: Corpus) throws {
        var mutator = Mutator(corpus, seed: seed)
        var ends: [Stranger.End: Int] = [:]
        for (host, port) in places {
            for number in 0..<count {
                let pieces = mutator.pieces(mutator.next())
                let end = Stranger.say(pieces, to: host, port: port, lingers: number % 10 == 0, milliseconds: 100)
                ends[end, default: 0] += 1
            }
        }
        print("closed \(ends[.closed] ?? 0), open \(ends[.open] ?? 0), refused \(ends[.refused] ?? 0), seed \(seed)")
        // A port that nobody listens on any more was brought down.
        if let refused = ends[.refused], refused > 0 { throw ExitCode(1) }
    }

    private func besiege(_ places: [(host: String, port: Int)], _ corpus: Corpus, _ connections: Int) throws {
        guard let opening = corpus[name] else { throw ValidationError("--name \(name): not in \(corpus.folder)") }
        var isHeld = true
        for (host, port) in places {
            let outcome = Siege.lay(
                to: host, port: port, connections: connections, opening: opening, seconds: within)
            let last = (outcome.lastClosedSeconds * 10).rounded() / 10
            print("\(port): opened \(outcome.opened), closed \(outcome.closed), the last after \(last) s")
            // A port may be too busy to take a connection in time; it may not keep one.
            isHeld = isHeld && outcome.opened * 10 >= connections * 9 && outcome.open == 0
        }
        if !isHeld { throw ExitCode(1) }
    }
}
