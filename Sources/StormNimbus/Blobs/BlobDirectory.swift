package import StormProcess
package import StormSubmission

/// Blobs on this nimbus' disk, by the hash of their content: `blobs/<two digits>/<hash>`. A blob appears complete or not
/// at all (written aside, flushed, renamed). Which key has which content is in the coordination store, not here.
package struct BlobDirectory: Sendable {
    package let root: String

    package init(root: String) { self.root = root }

    private var inbox: String { root + "/inbox" }

    /// Creates the directories and removes uploads that an earlier process left, which nobody can finish.
    package func prepare() async throws {
        try await Disk.makeDirectory(inbox)
        try await Disk.makeDirectory(root + "/blobs")
        for name in try await Disk.names(in: inbox) { try await Disk.remove("\(inbox)/\(name)") }
        try await putBackDamaged()
    }

    /// An earlier version took damaged blobs away before there was anything to replace them. One that was not replaced
    /// may be the only copy.
    private func putBackDamaged() async throws {
        let folder = root + "/damaged"
        for name in try await Disk.names(in: folder) where name.utf8.count == 64 {
            if try await has(name) {
                try await Disk.remove("\(folder)/\(name)")
            } else {
                try await Disk.makeDirectory("\(root)/blobs/\(name.prefix(2))")
                try await Disk.rename("\(folder)/\(name)", to: path(name))
            }
        }
    }

    /// A path that nothing has, for a file that becomes a blob.
    package func newInboxPath(_ unique: String) -> String { "\(inbox)/stormjar-\(unique).jar" }

    package func path(_ sha256: String) -> String { "\(root)/blobs/\(sha256.prefix(2))/\(sha256)" }

    package func has(_ sha256: String) async throws -> Bool { try await Disk.size(path(sha256)) != nil }

    /// Whether it is here and as long as it should be. What is in it is not looked at.
    package func has(_ sha256: String, sizeBytes: Int64) async throws -> Bool {
        try await Disk.size(path(sha256)) == sizeBytes
    }

    /// Takes over a closed, flushed file of the inbox; in place of the blob that is here, which may be damaged.
    package func commit(_ file: String, _ content: ContentHash) async throws {
        try await Disk.makeDirectory("\(root)/blobs/\(content.sha256.prefix(2))")
        try await Disk.rename(file, to: path(content.sha256))
    }

    // MARK: damage

    package func mark(_ sha256: String) async throws -> FileMark {
        let path = path(sha256)
        return try await Disk.run { FileMark(path) }
    }

    /// What the blob's file really holds.
    package func content(_ sha256: String) async throws -> ContentHash {
        var file = try await DiskFile.reading(path(sha256))
        do {
            while try await !file.read(1 << 20).isEmpty {}
            await file.close()
        } catch {
            await file.close()
            throw error
        }
        return file.content
    }

    // MARK: whose blobs these are

    private var ownerFile: String { root + "/cluster-id" }

    /// The id of the cluster whose blobs are here (`ClusterIdentity`); nil: not known yet.
    package func clusterID() async throws -> String? {
        guard let size = try await Disk.size(ownerFile) else { return nil }
        var file = try await DiskFile.reading(ownerFile)
        do {
            let bytes = try await file.read(Int(min(size, 256)))
            await file.close()
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            await file.close()
            throw error
        }
    }

    package func setClusterID(_ id: String) async throws {
        let temporary = "\(inbox)/\(UniqueName.next()).tmp"
        _ = try await write(Array(id.utf8), to: temporary)
        try await Disk.rename(temporary, to: ownerFile)
    }

    // MARK: topologies of the past

    private var historyFile: String { root + "/history.json" }

    /// Nothing when there is none.
    func loadHistory() async throws -> [UInt8] {
        guard let size = try await Disk.size(historyFile) else { return [] }
        var file = try await DiskFile.reading(historyFile)
        do {
            let bytes = try await file.read(Int(min(size, 1 << 20)))
            await file.close()
            return bytes
        } catch {
            await file.close()
            throw error
        }
    }

    func storeHistory(_ bytes: [UInt8]) async throws {
        let temporary = "\(inbox)/\(UniqueName.next()).tmp"
        _ = try await write(bytes, to: temporary)
        try await Disk.rename(temporary, to: historyFile)
    }

    // MARK: content

    /// Stores bytes.
    package func store(_ bytes: [UInt8], unique: String) async throws -> ContentHash {
        let temporary = "\(inbox)/\(unique).tmp"
        let content = try await write(bytes, to: temporary)
        try await commit(temporary, content)
        return content
    }

    /// Writes a new file, flushed; leaves none when that fails.
    private func write(_ bytes: [UInt8], to temporary: String) async throws -> ContentHash {
        var file = try await DiskFile.creating(temporary)
        do {
            try await file.write(bytes)
            try await file.synchronize()
            await file.close()
        } catch {
            await file.close()
            // The first error is the one to report.
            try? await Disk.remove(temporary)
            throw error
        }
        return file.content
    }

    /// The whole content, at most `bytesMax` of it.
    /// - Throws: `DiskError` when it is not here or longer.
    package func load(_ sha256: String, bytesMax: Int) async throws -> [UInt8] {
        let path = path(sha256)
        guard let size = try await Disk.size(path) else {
            throw DiskError(action: "read", path: path, reason: "this nimbus does not hold the blob")
        }
        guard size <= bytesMax else { throw DiskError(action: "read", path: path, reason: "it has \(size) bytes") }
        var file = try await DiskFile.reading(path)
        do {
            let bytes = try await file.read(Int(size))
            await file.close()
            return bytes
        } catch {
            await file.close()
            throw error
        }
    }

    package func remove(_ sha256: String) async throws { try await Disk.remove(path(sha256)) }

    /// Removes the blob unless its file is another one by now: then the same content has come again.
    /// - Returns: whether it was removed.
    package func remove(_ sha256: String, ifStill mark: FileMark) async throws -> Bool {
        let path = path(sha256)
        return try await Disk.remove(path, unless: { FileMark(path) != mark })
    }

    /// Hashes of all blobs here.
    package func all() async throws -> Set<String> {
        var found: Set<String> = []
        for bucket in try await Disk.names(in: root + "/blobs") {
            found.formUnion(try await Disk.names(in: "\(root)/blobs/\(bucket)"))
        }
        return found
    }
}
