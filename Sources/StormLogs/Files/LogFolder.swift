import StormCluster

/// The folder of all workers' logs of a machine, for reading. Below it no symbolic link is followed. Any thread; calls
/// block for as long as the disk takes.
package struct LogFolder: Sendable {
    /// `workers-artifacts` in the supervisor's log folder.
    package let path: String

    package init(_ path: String) { self.path = path }

    /// What `supervisor` and `logviewer` show.
    /// - Parameter logs: `storm.log.dir`, absolute.
    package init(logs: String) { self.init("\(logs)/workers-artifacts") }

    /// The topologies that have log files, by id.
    package func topologies() -> LogTopologies {
        guard let root = Folder(path) else { return LogTopologies(topologies: []) }
        let entries = root.names.compactMap { name -> LogTopologies.Entry? in
            guard let id = LogFileName.topologyID(folder: name), let folder = Folder(name, in: root) else { return nil }
            let files = files(id, folder)
            guard let newest = files.map(\.modifiedMilliseconds).max() else { return nil }
            return LogTopologies.Entry(
                topologyID: id, files: files.count, bytes: files.reduce(0) { $0 + $1.bytes },
                modifiedMilliseconds: newest)
        }
        return LogTopologies(topologies: entries.sorted { $0.topologyID < $1.topologyID })
    }

    /// The files of a topology; none when it has none.
    package func files(_ topologyID: String) -> LogListing {
        guard let root = Folder(path), let folder = Folder(ClusterPaths.escape(topologyID), in: root) else {
            return LogListing(topologyID: topologyID, files: [])
        }
        return LogListing(topologyID: topologyID, files: files(topologyID, folder))
    }

    /// Nil when there is no such file.
    package func open(_ name: LogFileName) -> OpenLogFile? {
        guard let root = Folder(path), let topology = Folder(name.folder, in: root),
            let worker = Folder("\(name.port)", in: topology)
        else { return nil }
        return worker.file(name.file)
    }

    /// The file that had this name when it had this id; it may have been rotated since.
    package func open(_ name: LogFileName, id: String) -> (LogFileName, OpenLogFile)? {
        if let file = open(name), file.id == id { return (name, file) }
        let found = files(name.topologyID).files.first {
            $0.port == name.port && $0.stream == name.stream && $0.id == id
        }
        guard let found, let file = open(name.rotated(found.rotation)), file.id == id else { return nil }
        return (name.rotated(found.rotation), file)
    }

    private func files(_ topologyID: String, _ topology: Folder) -> [LogFileInfo] {
        var found: [LogFileInfo] = []
        for port in topology.names.compactMap({ Int($0) }) {
            guard (1...65535).contains(port), let worker = Folder("\(port)", in: topology) else { continue }
            for name in worker.names {
                guard let (stream, rotation) = LogFileName.file(name), let file = worker.file(name) else { continue }
                let full = LogFileName(topologyID: topologyID, port: port, stream: stream, rotation: rotation)
                found.append(
                    LogFileInfo(
                        file: full.description, port: port, stream: stream, rotation: rotation, id: file.id,
                        bytes: file.bytes, modifiedMilliseconds: file.modifiedMilliseconds))
            }
        }
        return found.sorted { ($0.port, $0.stream, $1.rotation) < ($1.port, $1.stream, $0.rotation) }
    }
}
