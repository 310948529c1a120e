import StormCluster
import StormThrift

/// Records that cannot be read: a damaged one, or one that a newer daemon wrote while the cluster is upgraded machine by
/// machine. Calls about everything else go on; each such record is told once.
extension NimbusHandler {
    func readable<R: ClusterRecord>(_ collection: RecordCollection<R>) async throws -> ReadableRecords<R> {
        let found = try await collection.readable()
        recordFaults.report(Array(found.faults.values), below: collection.parent)
        return found
    }

    /// Nil when it is not there, or when it cannot be read.
    func readable<R: ClusterRecord>(_ collection: RecordCollection<R>, _ id: String) async throws -> R? {
        do {
            return try await collection.get(id)?.record
        } catch let fault as ClusterRecordError {
            recordFaults.report(fault)
            return nil
        }
    }

    /// What a client is told who asks for just that topology, and what can be done.
    /// - Parameter topology: name or id.
    func unreadable(_ topology: String, _ fault: ClusterRecordError) -> ThriftApplicationException {
        var text = "the record of topology '\(topology)' cannot be read and is left alone: \(fault)"
        if fault.code != .newerVersion {
            text += "; mend it, or have the topology forgotten: storm admin zk_cli -w delete '\(fault.path)'"
        }
        return ThriftApplicationException(.internalError, text)
    }
}
