internal import FoundationEssentials
internal import Glibc
package import StormArchive
package import StormCluster
internal import StormProcess

/// The Python environments of this machine's topologies: each stored file that a topology names with
/// `topology.python.environment` is made into one once, however many topologies and slots want it.
///
/// ```
/// environments/<half the SHA-256>/bin/python        first in the PATH of the topology's workers
///                                complete          written last: without it the folder is made anew
/// ```
/// Its content is no more trusted, nor less, than the topology's code, which runs as the same user.
package actor PythonEnvironments {
    /// The stored file of that name; nil: there is none.
    package typealias Reference = @Sendable (_ key: String) async throws -> BlobReference?

    package struct Limits: Hashable, Sendable {
        /// For everything that makes one environment.
        package var time: Duration
        package var unpacking: UnpackPlan.Limits

        package init(time: Duration = .seconds(600), unpacking: UnpackPlan.Limits = .init()) {
            self.time = time
            self.unpacking = unpacking
        }
    }

    private let paths: SupervisorPaths
    private let blobs: any BlobSource
    private let limits: Limits
    private let reference: Reference
    private var running: [String: Task<Void, any Error>] = [:]
    /// At the last cleaning. What is prepared now is linked a moment later.
    private var wereUnused: Set<String> = []
    private var isClosed = false

    package init(paths: SupervisorPaths, blobs: any BlobSource, limits: Limits, reference: @escaping Reference) {
        self.paths = paths
        self.blobs = blobs
        self.limits = limits
        self.reference = reference
    }

    /// Whether the folder holds an environment that was finished.
    package nonisolated static func isComplete(_ folder: String) -> Bool { SystemFile.exists("\(folder)/complete") }

    /// Returns the environment's folder when it is there.
    /// - Parameter present: the one that was used before: good enough while nobody tells which one it should be.
    /// - Throws: ``SupervisorError`` `badEnvironment` that tells what failed and its last words.
    package func prepare(_ key: String, present: String?) async throws -> String {
        if isClosed { throw CancellationError() }
        let found: BlobReference?
        do {
            found = try await reference(key)
        } catch let error as CoordinationError {
            guard let present, Self.isComplete(present) else { throw error }
            return present
        }
        if isClosed { throw CancellationError() }
        guard let found else {
            throw SupervisorError(
                .badEnvironment,
                "there is no stored file '\(key)', which topology.python.environment names; "
                    + "store it: storm blobstore create --file FILE \(key)")
        }
        let folder = paths.environment(found.sha256)
        wereUnused.remove(folder)
        if Self.isComplete(folder) { return folder }
        let task = running[folder] ?? start(found, folder)
        do {
            try await task.value
        } catch let error as CancellationError {
            throw error
        } catch {
            throw SupervisorError(.badEnvironment, "the Python environment '\(key)' cannot be made: \(error)")
        }
        return folder
    }

    /// Removes all environments but these, those that are being made, and those that were still in use at the call before.
    package func keepOnly(_ folders: Set<String>) async {
        // Without the folder there is nothing to remove.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: paths.environments)) ?? []
        let unused = names.map { "\(paths.environments)/\($0)" }.filter { !folders.contains($0) && running[$0] == nil }
        let removable = unused.filter { wereUnused.contains($0) }
        wereUnused = Set(unused)
        for path in removable.compactMap({ setAside($0) }) { await Self.remove(path) }
    }

    /// Takes an environment out of use at once: from now on it may be made anew while the old one is being removed.
    /// - Returns: where it is now; nil: it cannot be moved, and stays until the next cleaning.
    private func setAside(_ path: String) -> String? {
        let start = "\(paths.environments)/\(Self.removedPrefix)"
        // An earlier life did not finish.
        if path.hasPrefix(start) { return path }
        let other = start + UUID().uuidString
        return rename(path, other) == 0 ? other : nil
    }

    private static let removedPrefix = "removed-"

    /// Calls off what is being made, and returns when that has ended.
    package func close() async {
        isClosed = true
        let tasks = Array(running.values)
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
    }

    private func start(_ blob: BlobReference, _ folder: String) -> Task<Void, any Error> {
        let task = Task {
            // Here and not where somebody waits: then another attempt may be under way.
            defer { running[folder] = nil }
            try await make(blob, folder)
        }
        running[folder] = task
        return task
    }

    private func make(_ blob: BlobReference, _ folder: String) async throws {
        let temporary = "\(paths.temporary)/environment-\(UUID().uuidString)"
        let result: Result<Void, any Error>
        do {
            try await make(blob, folder, temporary)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await Self.remove(temporary)
        try result.get()
    }

    private func make(_ blob: BlobReference, _ folder: String, _ temporary: String) async throws {
        for path in [temporary, paths.environments] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        let file = "\(temporary)/requirements.txt"
        try await blobs.download(blob.key, to: file, expectedSHA256: blob.sha256)
        let actual = try await DiskWork.run { try FileHash.sha256(file) }
        guard actual == blob.sha256 else {
            throw SupervisorError(.hashMismatch, "it arrived with SHA-256 \(actual) instead of \(blob.sha256)")
        }
        // What an earlier life left half done.
        await Self.remove(folder)
        do {
            try await EnvironmentBuilder(file: file, folder: folder, temporary: temporary, limits: limits).build()
            // Complete means: also after a power failure.
            try await DiskWork.run { FileSystemFlush.flush(folder) }
            try SystemFile.writeAtomically("\(folder)/complete", Array("\(blob.key)\n".utf8))
        } catch {
            await Self.remove(folder)
            throw error
        }
    }

    private static func remove(_ path: String) async {
        // What stays behind is removed by the next attempt or the next cleaning.
        try? await DiskWork.run { try FileManager.default.removeItem(atPath: path) }
    }
}
