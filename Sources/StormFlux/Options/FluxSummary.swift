/// A topology's parts, for programs: `storm flux --dry-run --json`. Lists are in the order of the file.
///
///     {"name": "words", "spouts": [{"id": "lines", "class": "…FluxShellSpout", "executors": 1, "command": ["…"]}],
///      "bolts": […], "streams": [{"from": "lines", "to": "split", "grouping": "SHUFFLE", "fields": []}], "components": []}
package struct FluxSummary: Encodable, Sendable {
    package struct Part: Encodable, Sendable {
        package var id: String
        package var className: String

        private enum CodingKeys: String, CodingKey {
            case id
            case className = "class"
        }
    }

    package struct Vertex: Encodable, Sendable {
        package var id: String
        package var className: String
        package var executors: Int
        /// Nil: as many as executors.
        package var tasks: Int?
        /// Of a shell component.
        package var command: [String]?

        private enum CodingKeys: String, CodingKey {
            case id, executors, tasks, command
            case className = "class"
        }

        init(_ vertex: FluxVertex) {
            id = vertex.id
            className = vertex.object.className
            executors = vertex.parallelism
            tasks = vertex.tasks
            command = FluxPrintout.command(vertex.object)
        }
    }

    package struct Stream: Encodable, Sendable {
        package var from: String
        package var to: String
        /// Nil: the default one.
        package var stream: String?
        package var grouping: String
        package var fields: [String]
        /// Of a custom grouping.
        package var className: String?

        private enum CodingKeys: String, CodingKey {
            case from, to, stream, grouping, fields
            case className = "class"
        }

        init(_ stream: FluxStream) {
            from = stream.from
            to = stream.to
            self.stream = stream.grouping.stream
            grouping = stream.grouping.kind.rawValue
            fields = stream.grouping.fields
            className = stream.grouping.custom?.className
        }
    }

    package var name: String
    package var components: [Part]
    package var spouts: [Vertex]
    package var bolts: [Vertex]
    package var streams: [Stream]

    package init(_ topology: FluxTopology) {
        name = topology.name
        components = topology.document.components.map { Part(id: $0.id, className: $0.className) }
        spouts = topology.spouts.map(Vertex.init)
        bolts = topology.bolts.map(Vertex.init)
        streams = topology.streams.map(Stream.init)
    }
}
