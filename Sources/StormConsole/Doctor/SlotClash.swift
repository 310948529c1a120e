package import StormCluster

/// Whether supervisors of one machine offer the same port: only one of their workers could listen there. Pure.
package enum SlotClash {
    /// - Parameter records: of all supervisors that are up.
    /// - Returns: one for each machine where it is so.
    package static func findings(_ records: [SupervisorRecord]) -> [Finding] {
        var offers: [String: [Int: [String]]] = [:]
        for record in records {
            for port in record.ports { offers[record.host, default: [:]][port, default: []].append(record.id) }
        }
        var findings: [Finding] = []
        for (host, offered) in offers.sorted(by: { $0.key < $1.key }) {
            let shared = offered.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
            guard let first = shared.first else { continue }
            let ports = shared.prefix(8).map { "\($0.key)" }.joined(separator: ", ")
            findings.append(
                .warn(
                    "supervisors of \(host)",
                    "\(first.value.sorted().joined(separator: " and ")) offer the same ports: \(ports)",
                    "give each its own supervisor.slots.ports: a port takes one worker"))
        }
        return findings
    }
}
