import FoundationEssentials
package import StormCluster
import StormCore

/// `storm heartbeats`: what workers have written under `/workerbeats`. Paths are relative to it: `/` is the list of
/// topologies, `/wc-1-17` that of a topology's workers, `/wc-1-17/<worker>` one worker's record.
package struct HeartbeatCommands: Sendable {
    private let store: any CoordinationStore
    private let say: @Sendable (String) -> Void

    package init(store: any CoordinationStore, say: @escaping @Sendable (String) -> Void) {
        self.store = store
        self.say = say
    }

    /// The names below a path; as in Storm nothing there is an answer, too.
    package func list(_ path: String, isJSON: Bool) async throws {
        let full = try Self.full(path)
        let names = try await reading {
            do {
                return try await store.children(full)
            } catch let error as CoordinationError where error.code == .noNode {
                return []
            }
        }
        if isJSON { return say(try JSONOutput.text(names.map(ClusterPaths.unescape))) }
        guard !names.isEmpty else { return say("No Heartbeats found") }
        for name in names { say(name) }
    }

    /// A worker's record as JSON; `null` with `--json` when there is none.
    package func get(_ path: String, isJSON: Bool) async throws {
        let full = try Self.full(path)
        guard let data = try await reading({ try await store.get(full) }), !data.bytes.isEmpty else {
            return say(isJSON ? "null" : "No Heartbeats found")
        }
        do {
            let value = try JSONDecoder().decode(JSONValue.self, from: Data(data.bytes))
            say(try JSONOutput.text(value))
        } catch is DecodingError {
            throw CommandFailure("what \(full) holds is not JSON")
        }
    }

    /// With or without the name of the tree, with or without the slash in front.
    static func full(_ path: String) throws(CommandFailure) -> String {
        var path = path.hasPrefix("/") ? path : "/" + path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let root = ClusterPaths.workerBeats
        if path != root, !path.hasPrefix(root + "/") { path = path == "/" ? root : root + path }
        do {
            try NodePath.validate(path)
        } catch {
            throw .usage("\(error)")
        }
        return path
    }

    private func reading<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch let error as CoordinationError {
            throw CommandFailure("ZooKeeper: \(error)", exitCode: 3)
        }
    }
}
