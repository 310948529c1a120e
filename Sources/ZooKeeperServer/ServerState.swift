internal import FoundationEssentials
internal import StormProcess

/// The folder of a server: `data/`, `zoo.cfg`, `zookeeper.log` (of this run) and `zookeeper.log.1` (of the one before).
struct ServerState: Sendable {
    let directory: String
    let isTemporary: Bool

    var dataDirectory: String { "\(directory)/data" }
    var configurationFile: String { "\(directory)/zoo.cfg" }
    var logFile: String { "\(directory)/zookeeper.log" }

    init(directory: String?) throws(ZooKeeperServerError) {
        isTemporary = directory == nil
        self.directory =
            directory
            ?? FileManager.default.temporaryDirectory.path + "/storm-zookeeper-\(UUID().uuidString.prefix(8))"
        do {
            try FileManager.default.createDirectory(atPath: self.directory + "/data", withIntermediateDirectories: true)
        } catch {
            throw ZooKeeperServerError(.badState, "ZooKeeper's folder \(self.directory) cannot be made: \(error)")
        }
    }

    /// Writes the configuration and sets the log of the run before aside.
    /// - Parameter memberID: the server's number in its ensemble; `nil`: it stands alone.
    func prepareRun(properties: String, memberID: Int?) throws(ZooKeeperServerError) {
        do {
            try Data(properties.utf8).write(to: URL(filePath: configurationFile), options: .atomic)
            if let memberID {
                try Data("\(memberID)\n".utf8).write(to: URL(filePath: dataDirectory + "/myid"), options: .atomic)
            }
            if FileManager.default.fileExists(atPath: logFile) {
                let old = logFile + ".1"
                if FileManager.default.fileExists(atPath: old) { try FileManager.default.removeItem(atPath: old) }
                try FileManager.default.moveItem(atPath: logFile, toPath: old)
            }
        } catch {
            throw ZooKeeperServerError(.badState, "ZooKeeper's folder \(directory) cannot be written: \(error)")
        }
    }

    /// Forgets everything that was stored; only while the server does not run.
    func wipe() throws(ZooKeeperServerError) {
        do {
            if FileManager.default.fileExists(atPath: dataDirectory) {
                try FileManager.default.removeItem(atPath: dataDirectory)
            }
            try FileManager.default.createDirectory(atPath: dataDirectory, withIntermediateDirectories: true)
        } catch {
            throw ZooKeeperServerError(.badState, "ZooKeeper's folder \(dataDirectory) cannot be emptied: \(error)")
        }
    }

    func lastLogLines() -> [String] { SystemFile.lastLines(logFile, lines: 15) }

    func remove() {
        // Nothing can be done about leftovers in a temporary folder, and nothing depends on them.
        try? FileManager.default.removeItem(atPath: directory)
    }
}
