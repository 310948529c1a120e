import FoundationEssentials
import Glibc
package import StormCore
import StormProcess

/// Deletes old log files of workers from time to time, and folders that are empty then.
package struct LogCleaner: Sendable {
    private let folder: LogFolder
    private let cleanup: LogCleanup
    private let interval: Duration
    /// `workers` in the supervisor's folder: a worker that runs, or may run, has a folder with its `worker.json` there.
    private let workers: String
    private let clock: any TimeSource

    /// - Parameters:
    ///   - workers: the folder of the workers of this machine.
    ///   - interval: between two looks.
    package init(
        _ folder: LogFolder, workers: String, limits: LogCleanup.Limits, interval: Duration,
        clock: any TimeSource
    ) {
        self.folder = folder
        self.workers = workers
        cleanup = LogCleanup(limits)
        self.interval = interval
        self.clock = clock
    }

    /// Until cancelled.
    /// - Parameter told: what was deleted, and what could not be, after each look that found something.
    package func run(_ told: @Sendable (_ deleted: [String], _ failed: [String]) -> Void) async {
        while !Task.isCancelled {
            let (deleted, failed) = clean()
            if !deleted.isEmpty || !failed.isEmpty { told(deleted, failed) }
            // Cancelled: the loop ends.
            try? await Task.sleep(for: interval)
        }
    }

    /// One look.
    package func clean() -> (deleted: [String], failed: [String]) {
        let listings = folder.topologies().topologies.map { folder.files($0.topologyID) }
        var deleted: [String] = []
        var failed: [String] = []
        for file in cleanup.due(listings, live: live(), now: clock.epochMilliseconds()) {
            if unlink("\(folder.path)/\(file)") == 0 || errno == ENOENT {
                deleted.append(file)
            } else {
                failed.append("\(file): \(String(cString: strerror(errno)))")
            }
        }
        for file in deleted { removeFolders(of: file) }
        return (deleted, failed)
    }

    /// The system refuses where a folder is not empty.
    private func removeFolders(of file: String) {
        guard let name = LogFileName(file) else { return }
        rmdir("\(folder.path)/\(name.folder)/\(name.port)")
        rmdir("\(folder.path)/\(name.folder)")
    }

    private struct Manifest: Decodable {
        var topologyID: String
        var port: Int

        enum CodingKeys: String, CodingKey {
            case port
            case topologyID = "topology_id"
        }
    }

    private func live() -> Set<LogCleanup.Place> {
        // Without the folder there is no worker.
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: workers)) ?? []
        return Set(
            ids.compactMap { id in
                guard let bytes = SystemFile.read("\(workers)/\(id)/worker.json", bytesMax: 16 << 20),
                    // Without a manifest, or with one that cannot be read, no worker was ever started there.
                    let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes))
                else { return nil }
                return LogCleanup.Place(topologyID: manifest.topologyID, port: manifest.port)
            })
    }
}
