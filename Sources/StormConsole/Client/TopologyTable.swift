package import StormThrift

/// The output of `storm list`: Storm's columns and widths, so that scripts written for Storm go on.
package enum TopologyTable {
    private static let columns: [(heading: String, width: Int)] = [
        ("Topology_name", 20), ("Status", 10), ("Num_tasks", 10), ("Num_workers", 12), ("Uptime_secs", 12),
        ("Topology_Id", 20), ("Owner", 20),
    ]

    /// One line for an empty cluster; else a heading, a rule of 88 hyphens and a row for each topology, in the order
    /// given. The status has its colour.
    package static func lines(_ topologies: [Thrift.TopologySummary], painter: Painter = .plain) -> [String] {
        guard !topologies.isEmpty else { return ["No topologies running."] }
        return [row(columns.map(\.heading)), String(repeating: "-", count: 88)]
            + topologies.map { topology in
                row([
                    topology.name, topology.status, "\(topology.numTasks)", "\(topology.numWorkers)",
                    "\(topology.uptimeSecs)", topology.id, topology.owner ?? "null",
                ]) { index, cell in index == 1 ? painter.status(topology.status, shown: cell) : cell }
            }
    }

    /// Left-aligned, one space between columns; a text that is too long pushes the others to the right.
    private static func row(_ cells: [String], paint: (Int, String) -> String = { $1 }) -> String {
        zip(cells, columns).enumerated().map { index, pair in
            let padding = String(repeating: " ", count: max(0, pair.1.width - pair.0.count))
            return paint(index, pair.0) + padding
        }.joined(separator: " ")
    }
}
