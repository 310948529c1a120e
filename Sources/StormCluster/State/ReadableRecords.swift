import StormCore

/// What a look at a directory of records found. One that cannot be read, because it is damaged or a newer program's, must
/// not keep the others from being seen.
package struct ReadableRecords<R: ClusterRecord>: Sendable {
    /// By the node's name.
    package var records: [String: Stored<R>] = [:]
    /// Why the others could not be read, by the node's name.
    package var faults: [String: ClusterRecordError] = [:]

    package init() {}
}

extension ReadableRecords where R == StormBaseRecord {
    /// Why nobody can tell whether a topology of this name lives: there is a record that cannot be read, and its id is that
    /// of such a topology. Of several, that of the newest.
    package func fault(named name: String) -> ClusterRecordError? {
        TopologyIDText.newest(named: name, among: faults.keys).flatMap { faults[$0] }
    }
}
