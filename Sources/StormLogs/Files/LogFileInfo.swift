/// One log file, as the page `/logs?topology=` lists it.
package struct LogFileInfo: Codable, Hashable, Sendable {
    /// To be asked for: `<topology id>/<port>/worker.log`.
    package var file: String
    /// Of the worker.
    package var port: Int
    package var stream: LogStream
    /// 0: the one that is written to; the higher, the older.
    package var rotation: Int
    /// Stays with the file when it is rotated.
    package var id: String
    package var bytes: Int
    /// Epoch milliseconds.
    package var modifiedMilliseconds: Int64

    package init(
        file: String, port: Int, stream: LogStream, rotation: Int, id: String, bytes: Int, modifiedMilliseconds: Int64
    ) {
        self.file = file
        self.port = port
        self.stream = stream
        self.rotation = rotation
        self.id = id
        self.bytes = bytes
        self.modifiedMilliseconds = modifiedMilliseconds
    }

    enum CodingKeys: String, CodingKey {
        case file, port, stream, rotation, id, bytes
        case modifiedMilliseconds = "modified_ms"
    }
}

/// The page `/logs?topology=ID`: the log files of a topology's workers on a machine, those of workers that are gone too.
package struct LogListing: Codable, Hashable, Sendable {
    package var topologyID: String
    /// By port, stream, and age: the oldest first.
    package var files: [LogFileInfo]

    package init(topologyID: String, files: [LogFileInfo]) {
        self.topologyID = topologyID
        self.files = files
    }

    enum CodingKeys: String, CodingKey {
        case files
        case topologyID = "topology_id"
    }
}

/// The page `/logs`: the topologies that have log files on a machine.
package struct LogTopologies: Codable, Hashable, Sendable {
    package struct Entry: Codable, Hashable, Sendable {
        package var topologyID: String
        package var files: Int
        package var bytes: Int
        /// Of the newest file, epoch milliseconds.
        package var modifiedMilliseconds: Int64

        package init(topologyID: String, files: Int, bytes: Int, modifiedMilliseconds: Int64) {
            self.topologyID = topologyID
            self.files = files
            self.bytes = bytes
            self.modifiedMilliseconds = modifiedMilliseconds
        }

        enum CodingKeys: String, CodingKey {
            case files, bytes
            case topologyID = "topology_id"
            case modifiedMilliseconds = "modified_ms"
        }
    }

    /// By id.
    package var topologies: [Entry]

    package init(topologies: [Entry]) { self.topologies = topologies }
}
