import StormCluster

/// What a worker writes: its log, and what it prints.
package enum LogStream: String, Hashable, Comparable, CaseIterable, Codable, Sendable {
    /// The records of its loggers.
    case log
    case stdout
    case stderr

    /// As supervisors name it; the rotated ones have `.1`, `.2`, … at the end, the highest is the oldest.
    package var fileName: String {
        switch self {
        case .log: "worker.log"
        case .stdout: "worker.log.out"
        case .stderr: "worker.log.err"
        }
    }

    private var order: Int {
        switch self {
        case .log: 0
        case .stdout: 1
        case .stderr: 2
        }
    }

    package static func < (a: LogStream, b: LogStream) -> Bool { a.order < b.order }
}

/// A log file of a worker: `<topology id>/<port>/worker.log.2`, below the folder of all workers' logs.
///
/// The only way from a text to a path: what is not exactly of this form is no name, so that none leads out of the folder.
package struct LogFileName: Hashable, Sendable, CustomStringConvertible {
    package let topologyID: String
    package let port: Int
    package let stream: LogStream
    /// 0: the one that is written to.
    package let rotation: Int

    package static let rotationMax = 9999

    package init(topologyID: String, port: Int, stream: LogStream, rotation: Int = 0) {
        self.topologyID = topologyID
        self.port = port
        self.stream = stream
        self.rotation = rotation
    }

    /// Nil for anything that is not exactly what `description` gives.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let id = Self.topologyID(folder: parts[0]), let port = Int(parts[1]),
            (1...65535).contains(port), "\(port)" == parts[1], let (stream, rotation) = Self.file(parts[2])
        else { return nil }
        self.init(topologyID: id, port: port, stream: stream, rotation: rotation)
    }

    /// The topology whose folder has this name; nil: none has.
    package static func topologyID(folder: String) -> String? {
        let id = ClusterPaths.unescape(folder)
        return !folder.isEmpty && ClusterPaths.escape(id) == folder ? id : nil
    }

    /// `worker.log.err.1`
    package static func file(_ name: String) -> (LogStream, rotation: Int)? {
        for stream in LogStream.allCases {
            if name == stream.fileName { return (stream, 0) }
            guard name.hasPrefix(stream.fileName + ".") else { continue }
            let digits = name.dropFirst(stream.fileName.count + 1)
            if let rotation = Int(digits), (1...rotationMax).contains(rotation), "\(rotation)" == digits {
                return (stream, rotation)
            }
        }
        return nil
    }

    package var folder: String { ClusterPaths.escape(topologyID) }
    package var file: String { rotation == 0 ? stream.fileName : "\(stream.fileName).\(rotation)" }
    package var description: String { "\(folder)/\(port)/\(file)" }

    package func rotated(_ rotation: Int) -> LogFileName {
        LogFileName(topologyID: topologyID, port: port, stream: stream, rotation: rotation)
    }
}
