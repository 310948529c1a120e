package import StormThrift

/// The errors of a topology, as nimbus reads them from the error znodes: what components threw and reported, and under
/// `__system` why workers ended. Pure.
package struct ErrorReport: Sendable {
    private let name: String
    private let id: String
    /// Components with errors, each with its errors, the newest first.
    private let components: [(name: String, errors: [Thrift.ErrorInfo])]

    /// - Parameter newest: errors shown of each component.
    package init(_ info: Thrift.TopologyInfo, newest: Int) {
        name = info.name
        id = info.id
        components = info.errors.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .map { ($0.key, Array($0.value.prefix(newest))) }
    }

    package var lines: [String] {
        guard !components.isEmpty else { return ["\(name) (\(id)): no errors"] }
        var lines = ["\(name) (\(id))"]
        for component in components {
            lines += ["", component.name]
            for error in component.errors {
                let place = error.host.map { host in error.port.map { "\(host):\($0)" } ?? host } ?? ""
                lines.append("  \(ReportJSON.time(milliseconds: Int64(error.errorTimeSecs) * 1000))  \(place)")
                lines += error.error.split(whereSeparator: \.isNewline).map { "    \($0)" }
            }
        }
        return lines
    }

    // MARK: JSON

    private struct Entry: Encodable {
        var component: String
        var timeMilliseconds: Int64
        var host: String?
        var port: Int?
        var error: String

        enum CodingKeys: String, CodingKey {
            case component, host, port, error
            case timeMilliseconds = "time_ms"
        }
    }

    private struct Content: Encodable {
        var topology: String
        var topologyID: String
        var errors: [Entry]

        enum CodingKeys: String, CodingKey {
            case topology, errors
            case topologyID = "topology_id"
        }
    }

    package func json() throws -> String {
        let errors = components.flatMap { component in
            component.errors.map {
                Entry(
                    component: component.name, timeMilliseconds: Int64($0.errorTimeSecs) * 1000, host: $0.host,
                    port: $0.port.map(Int.init), error: $0.error)
            }
        }
        return try ReportJSON.text(Content(topology: name, topologyID: id, errors: errors))
    }

    // MARK: Storm's own form

    private struct StormContent: Encodable {
        var name: String
        var errors: [String: String]

        enum CodingKeys: String, CodingKey {
            case name = "Topology Name"
            case errors = "Comp-Errors"
        }
    }

    /// What Storm's `get-errors` prints: the newest error of each component.
    package func stormJSON() throws -> String {
        let newest = components.reduce(into: [:]) { $0[$1.name] = $1.errors[0].error }
        return try ReportJSON.text(StormContent(name: name, errors: newest))
    }

    /// What Storm's `get-errors` prints for a topology that is not there.
    package static func stormFailure(_ name: String) throws -> String {
        try ReportJSON.text(["Failure": "No topologies running with name \(name)"])
    }
}
