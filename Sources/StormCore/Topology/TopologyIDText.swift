/// Topology ids are `name-number-seconds`; the seconds are those of the submission.
package enum TopologyIDText {
    /// The name and the time of submission; nil for what is no id.
    package static func parts(_ id: String) -> (name: String, seconds: Int)? {
        let pieces = id.split(separator: "-", omittingEmptySubsequences: false)
        guard pieces.count > 2, let seconds = Int(pieces[pieces.count - 1]) else { return nil }
        return (pieces.dropLast(2).joined(separator: "-"), seconds)
    }

    /// Of the ids of topologies of this name the one that was submitted last.
    package static func newest(named name: String, among ids: some Sequence<String>) -> String? {
        ids.filter { parts($0)?.name == name }.max { (parts($0)?.seconds ?? 0, $0) < (parts($1)?.seconds ?? 0, $1) }
    }
}
