import ArgumentParser
import StormConsole
import StormCore
import StormThrift
import Synchronization

/// What shells offer behind TAB, as the cluster has it at that moment.
///
/// A completion script calls `storm ---completion COMMAND… -- ARGUMENT INDEX CURSOR WORD…`. The library that parses the
/// command line then asks a closure for the words, and that cannot wait: so the cluster is asked before it is called.
enum Candidates {
    struct Found: Equatable, Sendable {
        var topologies: [String] = []
        /// Of the topology on the command line.
        var components: [String] = []
        var blobs: [String] = []
    }

    /// What is on the command line that is being typed.
    struct Line: Equatable, Sendable {
        var commands: [String] = []
        var settings: [String] = []
        var configFile: String?
        /// Words after the command that are no options, without the one that is being typed.
        var operands: [String] = []
    }

    private static let found = Mutex(Found())

    static var topologies: [String] { found.withLock(\.topologies) }
    static var components: [String] { found.withLock(\.components) }
    static var blobs: [String] { found.withLock(\.blobs) }

    /// Asks the cluster; nothing is found when no nimbus answers, or the command line cannot be understood.
    static func prepare(_ arguments: [String]) async {
        guard let line = line(arguments) else { return }
        var options = ConfigOptions()
        options.file = line.configFile
        options.settings = line.settings
        // Whoever presses TAB wants words, or nothing, and no error in the middle of the line.
        guard let config = try? options.load() else { return }
        // The same: without a nimbus there are no words.
        let answer = try? await NimbusAccess.withLeader(config, isPatient: false) { nimbus in
            var answer = Found()
            answer.topologies = try await nimbus.getTopologySummaries().map(\.name).sorted()
            if line.commands.first == "blobstore" {
                answer.blobs = try await BlobCommands(nimbus: nimbus, say: sayNothing).allKeys()
            }
            if let name = line.operands.first, answer.topologies.contains(name) {
                let info = try await TopologyCommands(nimbus: nimbus, say: sayNothing).info(name)
                answer.components = ThroughputMonitor.Components(info).components
            }
            return answer
        }
        if let answer { found.withLock { $0 = answer } }
    }

    /// Options whose next word is their value.
    private static let valued: Set<String> = [
        "-e", "--executor", "-u", "--user", "-m", "--monitor", "-n", "--num-workers", "-w", "--wait-time-secs", "-i",
        "--interval", "-s", "--stream", "-t", "-r", "--timeout", "--component", "-f", "--file", "-l", "--level", "-a",
        "--acl",
    ]

    /// - Parameter arguments: beginning with `---completion`.
    static func line(_ arguments: [String]) -> Line? {
        guard arguments.first == "---completion", let end = arguments.firstIndex(of: "--") else { return nil }
        var line = Line(commands: Array(arguments[1..<end]))
        let rest = Array(arguments[(end + 1)...])
        // Name of the argument, index of the word being typed, position in it, words from the program's name on.
        guard rest.count > 3, let typed = Int(rest[1]) else { return line }
        let words = Array(rest[3...])
        var commands = line.commands[...]
        var index = 1
        while index < words.count {
            let word = words[index]
            let next = index + 1 < words.count ? words[index + 1] : nil
            if word == "-c", let next { line.settings.append(next) }
            if word == "--config", let next { line.configFile = next }
            if index == typed {
                // It is no whole word yet.
            } else if word == "-c" || word == "--config" || valued.contains(word) {
                index += 1
            } else if word == commands.first {
                commands = commands.dropFirst()
            } else if !word.hasPrefix("-") {
                line.operands.append(word)
            }
            index += 1
        }
        // A setting that is being typed has no value yet.
        line.settings.removeAll { !$0.contains("=") }
        return line
    }
}

extension CompletionKind {
    /// Names of what runs now.
    static let topologies = CompletionKind.custom { _, _, _ in Candidates.topologies }
    /// Names of components of the topology that is on the command line.
    static let components = CompletionKind.custom { _, _, _ in Candidates.components }
    /// Keys of blobs.
    static let blobs = CompletionKind.custom { _, _, _ in Candidates.blobs }
    /// Keys of the configuration.
    static let keys = CompletionKind.list(ConfigKeys.byName.keys.sorted())
}
