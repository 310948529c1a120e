internal import FoundationEssentials
package import StormProcess

/// `approval.json` in a worker's folder: whose worker this is. Written before the process is started (so that a process
/// without an approval is nobody's), and again with the process once it runs.
package struct WorkerApproval: Hashable, Sendable, Codable {
    package var version = 1
    package var workerID: String
    package var port: Int
    package var wanted: WantedWorker
    /// Epoch milliseconds.
    package var startedAtMilliseconds: Int64
    /// `nil` while the start goes on.
    package var process: ProcessIdentity?
    /// Where this worker's lines begin in its error log.
    package var errorLogOffset: Int
    /// The topology's own limit for a worker's silence, if it asks for one.
    package var silenceMaxSeconds: Int?

    package init(
        workerID: String, port: Int, wanted: WantedWorker, startedAtMilliseconds: Int64,
        process: ProcessIdentity?, errorLogOffset: Int, silenceMaxSeconds: Int? = nil
    ) {
        self.workerID = workerID
        self.port = port
        self.wanted = wanted
        self.startedAtMilliseconds = startedAtMilliseconds
        self.process = process
        self.errorLogOffset = errorLogOffset
        self.silenceMaxSeconds = silenceMaxSeconds
    }

    enum CodingKeys: String, CodingKey {
        case version, port, wanted, process
        case workerID = "worker_id"
        case startedAtMilliseconds = "started_at_ms"
        case errorLogOffset = "error_log_offset"
        case silenceMaxSeconds = "silence_max_secs"
    }

    /// `nil`: there is none, or it cannot be understood.
    static func load(_ path: String) -> WorkerApproval? {
        guard let bytes = SystemFile.read(path) else { return nil }
        // A file that cannot be understood approves nobody; the caller treats the worker as a stranger.
        guard let approval = try? JSONDecoder().decode(WorkerApproval.self, from: Data(bytes)), approval.version == 1
        else {
            return nil
        }
        return approval
    }

    func save(_ path: String) throws {
        try SystemFile.writeAtomically(path, Array(try StableJSON.encode(self)))
    }
}
