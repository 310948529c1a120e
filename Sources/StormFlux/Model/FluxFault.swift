/// Where something stands in a file. Lines count from 1.
package struct FluxPlace: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int

    package init(_ file: String, _ line: Int) {
        self.file = file
        self.line = line
    }

    package var description: String { "\(file):\(line)" }
}

/// One thing that is wrong with a YAML topology, or odd about it: where, which key, what to do.
package struct FluxFault: Hashable, Sendable, CustomStringConvertible {
    /// Nil when the text itself says where.
    package let place: FluxPlace?
    /// The path of the key, such as `bolts[1].parallelism`; empty when it is not about one.
    package let key: String
    package let problem: String

    package init(_ place: FluxPlace?, _ key: String, _ problem: String) {
        self.place = place
        self.key = key
        self.problem = problem
    }

    package var description: String {
        (place.map { "\($0): " } ?? "") + (key.isEmpty ? "" : "\(key): ") + problem
    }
}

/// Everything that is wrong with a YAML topology, in the order in which it was found; never empty.
package struct FluxFaults: Error, Hashable, Sendable, CustomStringConvertible {
    package let faults: [FluxFault]

    package init(_ faults: [FluxFault]) { self.faults = faults }

    /// One line per fault.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
