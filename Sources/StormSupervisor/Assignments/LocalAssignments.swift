package import StormCluster

/// This machine's part of all assignments; pure.
package enum LocalAssignments {
    package struct Result: Hashable, Sendable {
        /// By port.
        package var wanted: [Int: WantedWorker] = [:]
        /// Topologies that exist, here or anywhere.
        package var topologies: Set<String> = []
        /// What is wrong with the assignments that concern this machine, for people.
        package var faults: [String] = []
    }

    /// - Parameters:
    ///   - snapshot: of `/assignments`, depth 1.
    ///   - ports: what this supervisor offers; assignments to other ports are faults.
    ///   - current: what was wanted before: kept for topologies whose record cannot be read, and preferred when two
    ///     topologies want one port.
    /// - Returns: `nil` when nothing is known, because `/assignments` itself is not there: a store that was wiped, or
    ///   is being set up, is no reason to stop workers.
    package static func resolve(
        _ snapshot: SubtreeSnapshot, supervisorID: String, ports: Set<Int>,
        current: [Int: WantedWorker]
    ) -> Result? {
        guard snapshot[ClusterPaths.assignments] != nil else { return nil }
        var result = Result()
        for name in snapshot.children(of: ClusterPaths.assignments) {
            let path = NodePath.join(ClusterPaths.assignments, name)
            guard let data = snapshot[path] else { continue }
            let topologyID = ClusterPaths.unescape(name)
            result.topologies.insert(topologyID)
            guard concerns(data.bytes, supervisorID) || current.values.contains(where: { $0.topologyID == topologyID })
            else { continue }
            do {
                let record = try RecordCodec.decode(AssignmentRecord.self, data.bytes, path: path)
                add(record, to: &result, supervisorID, ports, current)
            } catch {
                result.faults.append("\(error); its workers here stay as they are")
                for (port, worker) in current where worker.topologyID == topologyID { result.wanted[port] = worker }
            }
        }
        return result
    }

    /// False when the record certainly names no worker of this machine: in a large cluster most do not, and finding that
    /// out is a hundred times cheaper than reading them.
    private static func concerns(_ bytes: [UInt8], _ supervisorID: String) -> Bool {
        // Other characters may be written in several ways.
        let isPlain = supervisorID.utf8.allSatisfy { byte in
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                || byte == UInt8(ascii: "-")
        }
        guard isPlain, !supervisorID.isEmpty, !bytes.isEmpty else { return true }
        let name = Array(supervisorID.utf8)
        guard name.count <= bytes.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            (0...(bytes.count - name.count)).contains { start in
                bytes[start] == name[0] && name.indices.allSatisfy { bytes[start + $0] == name[$0] }
            }
        }
    }

    private static func add(
        _ record: AssignmentRecord, to result: inout Result, _ supervisorID: String,
        _ ports: Set<Int>, _ current: [Int: WantedWorker]
    ) {
        for worker in record.workers where worker.node == supervisorID {
            guard ports.contains(worker.port) else {
                result.faults.append(
                    "topology \(record.topologyID) is assigned to port \(worker.port), which is not one "
                        + "of supervisor.slots.ports here")
                continue
            }
            let wanted = WantedWorker(
                topologyID: record.topologyID, codeSHA256: record.codeSHA256,
                executors: worker.executors, incarnation: worker.incarnation)
            if let other = result.wanted[worker.port] {
                result.faults.append(
                    "topologies \(other.topologyID) and \(record.topologyID) both want port \(worker.port)")
                // The one that was there first stays; else the first by name, so that every look gives the same answer.
                if current[worker.port]?.topologyID != record.topologyID { continue }
            }
            result.wanted[worker.port] = wanted
        }
    }
}
