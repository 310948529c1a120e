import Logging
import StormCluster
import StormSubmission
import StormThrift

/// Blobs: those of topologies and those that users keep here.
extension NimbusHandler {
    /// Keys in one answer of `listBlobs`, as in Storm.
    private static let pageSize = 100

    func beginCreateBlob(key: String, meta: Thrift.SettableBlobMeta) async throws -> String {
        try checkNewKey(key)
        if try await catalog.record(key) != nil {
            throw Thrift.KeyAlreadyExistsException(msg: "there is a blob '\(key)' already")
        }
        try checkAccess(key, meta)
        try await checkNewCopies(key, wanted: meta.replicationFactor)
        return try await blobUploads.begin(key: key, mustBeNew: true)
    }

    func beginUpdateBlob(key: String) async throws -> String {
        try checkKey(key)
        _ = try await existing(key)
        return try await blobUploads.begin(key: key, mustBeNew: false)
    }

    func uploadBlobChunk(session: String, chunk: [UInt8]) async throws {
        try await blobUploads.append(session, chunk)
    }

    func finishBlobUpload(session: String) async throws {
        let (key, mustBeNew, content) = try await blobUploads.finish(session)
        do {
            try await keep(content, as: key, mustBeNew: mustBeNew)
            await blobUploads.release(session)
        } catch {
            await blobUploads.release(session)
            throw error
        }
    }

    private func keep(_ content: ContentHash, as key: String, mustBeNew: Bool) async throws {
        let record = BlobRecord(
            key: key, sha256: content.sha256, sizeBytes: content.sizeBytes, createdAtMilliseconds: nowMilliseconds,
            owner: configuration.user)
        if mustBeNew {
            do {
                try await state.blobs.create(key, record)
            } catch let error as CoordinationError where error.code == .nodeExists {
                throw Thrift.KeyAlreadyExistsException(msg: "there is a blob '\(key)' already")
            }
        } else {
            try await state.blobs.put(key, record)
        }
        try await catalog.announce(key, content.sha256)
    }

    func cancelBlobUpload(session: String) async throws { try await blobUploads.cancel(session) }

    func getBlobMeta(key: String) async throws -> Thrift.ReadableBlobMeta {
        Thrift.ReadableBlobMeta(settable: Thrift.SettableBlobMeta(acl: []), version: version(try await existing(key)))
    }

    func beginBlobDownload(key: String) async throws -> Thrift.BeginDownloadResult {
        let record = try await existing(key)
        try await catalog.ensureSound(record)
        let session = try await downloads.begin(directory.path(record.sha256), sha256: record.sha256)
        return Thrift.BeginDownloadResult(version: version(record), session: session, dataSize: record.sizeBytes)
    }

    func downloadBlobChunk(session: String) async throws -> [UInt8] {
        do {
            return try await downloads.next(session)
        } catch let error as DiskError {
            // It was read without a fault, and as what it should be, before, and would be given out again and again.
            await catalog.doubtAll()
            throw error
        }
    }

    func deleteBlob(key: String) async throws {
        _ = try await existing(key)
        if let id = TopologyBlobs.topologyID(of: key), try await state.storms.get(id) != nil {
            throw Thrift.IllegalStateException(msg: "blob '\(key)' belongs to the living topology \(id)")
        }
        try await checkIsNoEnvironment(key)
        try await state.store.deleteWithChildren(ClusterPaths.blob(key))
    }

    /// A supervisor that gets a worker of the topology later would have nothing to make its environment of.
    private func checkIsNoEnvironment(_ key: String) async throws {
        let users = try await storedConfiguration.usersOfEnvironment(key)
        if !users.certain.isEmpty {
            throw Thrift.IllegalStateException(
                msg: "blob '\(key)' is the topology.python.environment of the living topology "
                    + users.certain.joined(separator: ", "))
        }
        if !users.unknown.isEmpty {
            // One topology without a readable configuration must not keep every blob of the cluster.
            logger.warning(
                "deletes a blob that topologies may need whose configuration cannot be read (topology.python.environment)",
                metadata: ["blob": "\(key)", "topologies": "\(users.unknown.joined(separator: " "))"])
        }
    }

    /// The session is the last key of the page before, so nothing has to be remembered here.
    func listBlobs(session: String) async throws -> Thrift.ListBlobsResult {
        let keys = try await state.blobs.ids().sorted().filter { session.isEmpty || $0 > session }
        let page = Array(keys.prefix(Self.pageSize))
        return Thrift.ListBlobsResult(keys: page, session: page.last ?? session)
    }

    func getBlobReplication(key: String) async throws -> Int32 {
        _ = try await existing(key)
        return Int32(try await catalog.replicationCount(key))
    }

    func isRemoteBlobExists(key: String) async throws -> Bool { try await catalog.record(key) != nil }

    /// The nimbus that takes an upload announces it by itself; for clients that ask, it is done again, if it can be given
    /// out.
    func createStateInZookeeper(key: String) async throws {
        if let record = try await catalog.record(key) { try await catalog.ensureSound(record) }
    }

    private func existing(_ key: String) async throws -> BlobRecord {
        guard let record = try await catalog.record(key) else {
            throw Thrift.KeyNotFoundException(msg: "there is no blob '\(key)'")
        }
        return record
    }

    /// Blobs that are there already keep the keys they have: only new ones follow Storm's rule.
    private func checkNewKey(_ key: String) throws {
        guard BlobKey.isValid(key) else {
            throw ThriftApplicationException(.internalError, "\(key) does not appear to be a valid blob key")
        }
        try checkKey(key)
    }

    private func checkKey(_ key: String) throws {
        if key.isEmpty || key.utf8.count > 512 {
            throw ThriftApplicationException(.internalError, "a blob's key has 1 to 512 bytes")
        }
        if TopologyBlobs.topologyID(of: key) != nil {
            throw ThriftApplicationException(.internalError, "keys ending like '\(key)' belong to topologies")
        }
    }

    /// Changes exactly when the content does: the first 60 bits of its hash.
    private func version(_ record: BlobRecord) -> Int64 { Int64(record.sha256.prefix(15), radix: 16) ?? 0 }
}
