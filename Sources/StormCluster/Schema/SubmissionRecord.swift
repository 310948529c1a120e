package import StormCore

/// `/submissions/<topology>`: a submit that has stored its code and waits until enough nimbuses have it. Created together
/// with the blobs and deleted together with the creation of `/storms/<topology>`, so one that is left belongs to a leader
/// that died, and the next leader undoes it.
package struct SubmissionRecord: ClusterRecord {
    package var version = 1
    package var topologyID: String
    package var name: String
    /// `host:port` of the nimbus that took it.
    package var nimbus: String
    /// Keys of the blobs that were created for it.
    package var blobs: [String]
    /// Epoch milliseconds.
    package var startedAtMilliseconds: Int64
    package var unknownFields: [String: ConfigValue] = [:]

    package init(topologyID: String, name: String, nimbus: String, blobs: [String], startedAtMilliseconds: Int64) {
        self.topologyID = topologyID
        self.name = name
        self.nimbus = nimbus
        self.blobs = blobs
        self.startedAtMilliseconds = startedAtMilliseconds
    }

    package enum CodingKeys: String, RecordKey {
        case version, name, nimbus, blobs
        case topologyID = "topology_id"
        case startedAtMilliseconds = "started_at_ms"

        package var note: FieldNote {
            switch self {
            case .version: .version
            case .name: .text("the topology's name")
            case .nimbus: .text("`host:port` of the nimbus that took it")
            case .blobs: .list(of: "texts", "keys of the blobs that were made for it")
            case .topologyID: .text("the topology's id")
            case .startedAtMilliseconds: .time("when it began")
            }
        }
    }
}
