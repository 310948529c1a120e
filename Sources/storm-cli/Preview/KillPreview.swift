import StormCluster
import StormConsole

/// What `storm kill --dry-run` shows; with `--json` an array of these. The names are stable.
struct KillPreview: Encodable, Equatable, Sendable {
    struct Worker: Encodable, Equatable, Sendable {
        var host: String
        var port: Int
        var executors: Int
    }

    struct Blob: Encodable, Equatable, Sendable {
        var key: String
        var sizeBytes: Int64

        private enum CodingKeys: String, CodingKey {
            case key
            case sizeBytes = "size_bytes"
        }
    }

    var name: String
    var id: String
    var status: String
    /// Of `-w`; missing: the topology's own time.
    var waitSeconds: Int?
    var workers: [Worker]
    var executors: Int
    var blobs: [Blob]
    /// They stay.
    var deadLetters: Int

    private enum CodingKeys: String, CodingKey {
        case name, id, status, workers, executors, blobs
        case waitSeconds = "wait_secs"
        case deadLetters = "dead_letters"
    }

    static func read(_ name: String, _ waitSeconds: Int?, _ state: ClusterState) async throws -> KillPreview {
        let base = try await state.topology(named: name)
        let workers = try await state.assignments.get(base.id)?.record.workers ?? []
        return KillPreview(
            name: name, id: base.id, status: base.status.rawValue, waitSeconds: waitSeconds,
            workers: workers.map { Worker(host: $0.host, port: $0.port, executors: $0.executors.executors.count) },
            executors: workers.reduce(0) { $0 + $1.executors.executors.count },
            blobs: base.blobs.map { Blob(key: $0.key, sizeBytes: $0.sizeBytes) },
            deadLetters: try await state.deadLetters.letters(base.id).ids().count)
    }

    var lines: [String] {
        let places = workers.map { "\($0.host):\($0.port)" }.joined(separator: ", ")
        let size = ProgressLine.size(blobs.reduce(0) { $0 + $1.sizeBytes })
        let wait = waitSeconds.map { "\($0) s at most" } ?? "the topology's own drain or message timeout at most"
        return [
            "\(name) (\(id)), \(status): kill would remove",
            "  workers       \(workers.count)" + (workers.isEmpty ? "" : ": \(places)"),
            "  executors     \(executors)",
            "  blobs         \(blobs.count), \(size): " + blobs.map(\.key).joined(separator: ", "),
            "  after         \(wait)", "and leave",
            "  dead letters  \(deadLetters)" + (deadLetters > 0 ? "; storm dlq list \(name) shows them" : ""),
        ]
    }
}
