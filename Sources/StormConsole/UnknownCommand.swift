import StormCore

/// What is said to somebody who types a command that is not there.
package enum UnknownCommand {
    /// Commands of Storm that cannot exist without a Java virtual machine, went away there too, or are another program's
    /// business here: what to use instead.
    package static let retired: [String: String] = [
        "repl": "there is no Clojure here; swift repl evaluates Swift",
        "sql": "Storm gave up SQL as well; write the topology in Swift, the README shows how",
        "pacemaker": "it is not needed: heartbeats are ephemeral znodes here and cost ZooKeeper no writes",
        "drpc": "there is no DRPC server in this version; a topology can answer over the network by a bolt of its own",
        "drpc-client": "there is no DRPC server in this version, so there is nothing to ask",
    ]

    /// As `retired`, for the commands of `blobstore`.
    package static let retiredOfBlobstore: [String: String] = [
        "set-acl": "access lists are not kept: whoever reaches nimbus may read and write blobs"
    ]

    package static func failure(_ typed: String, known: [String]) -> CommandFailure {
        if let advice = retired[typed] { return .usage("\(typed) does not exist here: \(advice)") }
        let near = KeySuggestion.nearest(to: typed, among: known)
        let hint = near.map { "did you mean \"\($0)\"? " } ?? ""
        return .usage("there is no command \"\(typed)\"; \(hint)storm help shows all commands")
    }

    /// - Parameters:
    ///   - group: a command with commands of its own, such as `blobstore`.
    ///   - rest: what follows it on the command line.
    /// - Returns: nil when the command may be there, or help is asked for.
    package static func failure(of group: String, _ rest: [String], known: [String]) -> CommandFailure? {
        var rest = rest[...]
        while let first = rest.first, first == "-c" || first == "--config" || first.hasPrefix("--config=") {
            rest = rest.dropFirst(first.hasPrefix("--config=") ? 1 : 2)
        }
        guard let typed = rest.first else {
            return .usage("say what to do: \(known.joined(separator: ", ")); storm help \(group) explains them")
        }
        if typed.hasPrefix("-") || known.contains(typed) { return nil }
        if group == "blobstore", let advice = retiredOfBlobstore[typed] {
            return .usage("blobstore \(typed) does not exist here: \(advice)")
        }
        let near = KeySuggestion.nearest(to: typed, among: known)
        let hint = near.map { "did you mean \"\($0)\"? " } ?? ""
        return .usage("there is no \"\(group) \(typed)\"; \(hint)storm help \(group) shows all")
    }
}
