internal import FoundationEssentials
internal import Glibc
package import StormArchive
package import StormCluster
internal import StormProcess

/// The topologies' code on this machine: fetched once however many slots want it, checked, put in place as a whole.
///
/// ```
/// stormdist/<topology id>/code            the submitted executable, archive or text; executable bit set
///                         topology        the topology's description, if one was stored
///                         conf            its configuration, if one was stored
///                         resources/      what an archive has below resources/; components' processes start there
///                         complete.json   written last; says what the files are
/// ```
package actor CodeStore {
    /// Gives the blobs of a topology, in the order code, topology, configuration; empty when it is unknown.
    package typealias References = @Sendable (_ topologyID: String) async throws -> [BlobReference]

    private struct Key: Hashable {
        let topologyID: String
        let codeSHA256: String
    }

    private let paths: SupervisorPaths
    private let blobs: any BlobSource
    private let references: References
    /// Attempts per blob within one fetch.
    private let attemptsMax: Int
    private let unpacking: UnpackPlan.Limits
    private var running: [Key: Task<LocalCode, any Error>] = [:]
    /// Files that were found to be what was submitted, as they were then; by folder.
    private var checked: [String: [FileMark]] = [:]
    private var faults: [(topologyID: String, text: String)] = []
    private var isClosed = false

    package init(
        paths: SupervisorPaths, blobs: any BlobSource, attemptsMax: Int = 3,
        unpacking: UnpackPlan.Limits = UnpackPlan.Limits(), references: @escaping References
    ) {
        self.paths = paths
        self.blobs = blobs
        self.attemptsMax = max(1, attemptsMax)
        self.unpacking = unpacking
        self.references = references
    }

    /// What is in place, whether it is sound or not; nothing is fetched.
    package nonisolated func present(_ topologyID: String, codeSHA256: String) -> LocalCode? {
        let directory = paths.code(topologyID)
        guard let bytes = SystemFile.read("\(directory)/complete.json") else { return nil }
        // An unreadable marker is as good as none: the code is fetched again.
        guard let code = try? JSONDecoder().decode(LocalCode.self, from: Data(bytes)) else { return nil }
        guard code.codeSHA256 == codeSHA256, code.isPresent else { return nil }
        return code
    }

    /// Returns when the code is in place and sound; slots that want the same wait for one download.
    /// - Throws: ``SupervisorError`` or what the blob source threw.
    package func fetch(_ topologyID: String, codeSHA256: String) async throws -> LocalCode {
        if isClosed { throw CancellationError() }
        if let code = present(topologyID, codeSHA256: codeSHA256), isSound(code, topologyID) { return code }
        let key = Key(topologyID: topologyID, codeSHA256: codeSHA256)
        if let task = running[key] { return try await task.value }
        let task = Task { try await download(key) }
        running[key] = task
        defer { running[key] = nil }
        return try await task.value
    }

    /// Removes the code of topologies that are not in the set, except what is being fetched now.
    /// - Returns: the Python environments of those that stay.
    @discardableResult
    package func keepOnly(_ topologyIDs: Set<String>) -> Set<String> {
        let wanted = Set(topologyIDs.union(running.keys.map(\.topologyID)).map { paths.code($0) })
        // Without the folder there is nothing to remove.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: paths.codes)) ?? []
        for name in names where !wanted.contains("\(paths.codes)/\(name)") { remove("\(paths.codes)/\(name)") }
        return Set(wanted.compactMap { LocalCode.pythonEnvironment(in: $0) })
    }

    /// Calls off what is being fetched, and returns when that has ended.
    package func close() async {
        isClosed = true
        let tasks = Array(running.values)
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
    }

    // MARK: Damage

    /// Compares all code with what was submitted, and sets damaged code aside: it is fetched again when it is wanted.
    /// Programs that run keep the files they have open. Reads every file: blocks meanwhile.
    package func checkAll() {
        // Without the folder there is nothing to check.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: paths.codes)) ?? []
        for name in names {
            guard let bytes = SystemFile.read("\(paths.codes)/\(name)/complete.json"),
                // Code without a readable marker counts as not there, whatever it is.
                let code = try? JSONDecoder().decode(LocalCode.self, from: Data(bytes))
            else { continue }
            _ = isSound(code, ClusterPaths.unescape(name))
        }
    }

    /// What was found damaged since the last call, in words.
    package func takeFaults() -> [(topologyID: String, text: String)] {
        defer { faults = [] }
        return faults
    }

    /// Hashes what has changed since it was hashed last.
    private func isSound(_ code: LocalCode, _ topologyID: String) -> Bool {
        let marks = code.files.map { FileMark($0) }
        if checked[code.directory] == marks { return true }
        for file in code.files {
            let name = String(file.dropFirst(code.directory.utf8.count + 1))
            let expected = code.sha256?[name] ?? (file == code.code ? code.codeSHA256 : nil)
            guard let expected else { continue }
            var found = "none: it cannot be read"
            do {
                found = try FileHash.sha256(file)
            } catch {
                // As damaged as with another hash.
            }
            if found == expected { continue }
            checked[code.directory] = nil
            let old = "\(paths.temporary)/damaged-\(UUID().uuidString)"
            // Where the folder cannot be moved, the next download replaces it.
            try? FileManager.default.moveItem(atPath: code.directory, toPath: old)
            remove(old)
            faults.append(
                (topologyID, "\(file) is damaged (SHA-256 \(found) instead of \(expected)); it is downloaded again"))
            return false
        }
        checked[code.directory] = marks
        return true
    }

    // MARK: Download

    private func download(_ key: Key) async throws -> LocalCode {
        let blobs = try await references(key.topologyID)
        guard let code = blobs.first else {
            throw SupervisorError(
                .codeUnknown,
                "the cluster's records name no code of topology \(key.topologyID); it was killed, or is being submitted"
            )
        }
        guard code.sha256 == key.codeSHA256 else {
            throw SupervisorError(
                .hashMismatch,
                "topology \(key.topologyID) is recorded with code \(code.sha256), but "
                    + "assigned with code \(key.codeSHA256); one of the records is being replaced")
        }
        let temporary = "\(paths.temporary)/\(UUID().uuidString)"
        // Made at the start; but whoever makes room on a disk may have removed them since.
        for folder in [temporary, paths.codes] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        do {
            for (blob, name) in zip(blobs, Self.names) { try await download(blob, to: "\(temporary)/\(name)") }
            let resources = try await Resources.unpack("\(temporary)/code", into: temporary, limits: unpacking)
            return try install(from: temporary, key, blobs, resources: resources)
        } catch {
            remove(temporary)
            throw error
        }
    }

    private static let names = ["code", "topology", "conf"]

    private func download(_ blob: BlobReference, to file: String) async throws {
        var attempt = 1
        while true {
            do {
                try await blobs.download(blob.key, to: file, expectedSHA256: blob.sha256)
                let actual = try FileHash.sha256(file)
                guard actual == blob.sha256 else {
                    throw SupervisorError(
                        .hashMismatch,
                        "blob \(blob.key) arrived with SHA-256 \(actual) instead of "
                            + "\(blob.sha256); it was damaged on its way, or on the disk it came from")
                }
                return
            } catch {
                remove(file)
                if attempt >= attemptsMax || Task.isCancelled { throw error }
                attempt += 1
            }
        }
    }

    /// The last step is one rename: nobody ever sees half of it.
    private func install(
        from temporary: String, _ key: Key, _ blobs: [BlobReference], resources: String?
    ) throws -> LocalCode {
        let directory = paths.code(key.topologyID)
        let count = blobs.count
        let code = LocalCode(
            directory: directory, code: "\(directory)/code",
            topology: count > 1 ? "\(directory)/topology" : nil, topologyConf: count > 2 ? "\(directory)/conf" : nil,
            codeSHA256: key.codeSHA256,
            sha256: Dictionary(zip(Self.names, blobs.map(\.sha256))) { first, _ in first },
            resources: resources.map { "\(directory)/\($0)" })
        guard chmod("\(temporary)/code", 0o755) == 0 else {
            throw SupervisorError(.badState, "cannot make \(temporary)/code executable")
        }
        try SystemFile.writeAtomically("\(temporary)/complete.json", Array(try StableJSON.encode(code)))
        if SystemFile.exists(directory) {
            // Other code under this id. Programs that run keep the files they have open.
            let old = "\(paths.temporary)/old-\(UUID().uuidString)"
            try FileManager.default.moveItem(atPath: directory, toPath: old)
            remove(old)
        }
        try FileManager.default.moveItem(atPath: temporary, toPath: directory)
        SystemFile.syncFolder(of: directory)
        checked[directory] = code.files.map { FileMark($0) }
        return code
    }

    private func remove(_ path: String) {
        // What stays behind is removed at the next start, with the whole temporary folder, or by the next cleaning.
        try? FileManager.default.removeItem(atPath: path)
    }
}
