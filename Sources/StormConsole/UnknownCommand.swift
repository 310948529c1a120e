import StormCore

/// What is said to somebody who types a command that is not there.
package enum UnknownCommand {
    /// Commands of Storm that cannot exist without a Java virtual machine, or went away there too.
    package static let retired: [String: String] = [
        "classpath": "there is no class path: a topology is one executable, which swift build makes",
        "server_classpath": "there is no class path: the daemons are in the storm program itself",
        "repl": "there is no Clojure here; swift repl evaluates Swift",
        "sql": "Storm gave up SQL as well; write the topology in Swift, the README shows how",
        "pacemaker": "it is not needed: heartbeats are ephemeral znodes here and cost ZooKeeper no writes",
    ]

    package static func failure(_ typed: String, known: [String]) -> CommandFailure {
        if let advice = retired[typed] { return .usage("\(typed) does not exist here: \(advice)") }
        let near = KeySuggestion.nearest(to: typed, among: known)
        let hint = near.map { "did you mean \"\($0)\"? " } ?? ""
        return .usage("there is no command \"\(typed)\"; \(hint)storm help shows all commands")
    }
}
