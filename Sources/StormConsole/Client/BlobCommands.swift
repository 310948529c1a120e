package import StormThrift

/// What `storm blobstore` does with a nimbus. Texts go to `say`; contents go piece by piece, so a blob of any size needs
/// little memory.
package struct BlobCommands: Sendable {
    /// Bytes in one call: well below the smallest frame that a nimbus takes.
    static let chunkBytes = 256 << 10

    private let nimbus: any NimbusService
    private let say: @Sendable (String) -> Void

    package init(nimbus: any NimbusService, say: @escaping @Sendable (String) -> Void) {
        self.nimbus = nimbus
        self.say = say
    }

    // MARK: Reading

    /// One line for each key: key, version, access list.
    /// - Parameter keys: empty for all.
    package func list(_ keys: [String]) async throws {
        for key in keys.isEmpty ? try await allKeys() : keys {
            do {
                let meta = try await nimbus.getBlobMeta(key: key)
                let acl = meta.settable.acl.map(BlobAccess.text).joined(separator: ", ")
                say("\(key) \(meta.version) [\(acl)]")
            } catch is Thrift.KeyNotFoundException {
                // Listed a moment ago and gone: then it is no error.
                if !keys.isEmpty { say("\(key) NOT FOUND") }
            } catch {
                throw CommandFailure("\(key): \(NimbusErrorText.text(error))")
            }
        }
    }

    private func allKeys() async throws -> [String] {
        var keys: [String] = []
        var session = ""
        while true {
            let page = try await call("list") { try await nimbus.listBlobs(session: session) }
            if page.keys.isEmpty { return keys }
            keys += page.keys
            session = page.session
        }
    }

    /// Hands the contents to `write`, in order.
    package func cat(_ key: String, to write: ([UInt8]) throws -> Void) async throws {
        let download = try await call(key) { try await nimbus.beginBlobDownload(key: key) }
        while true {
            let chunk = try await call(key) { try await nimbus.downloadBlobChunk(session: download.session) }
            if chunk.isEmpty { return }
            try write(chunk)
        }
    }

    package func replication(_ key: String) async throws {
        let count = try await call(key) { try await nimbus.getBlobReplication(key: key) }
        say("Current replication factor \(count)")
    }

    // MARK: Writing

    /// - Parameter read: gives up to so many bytes of the contents; nothing at their end.
    package func create(
        _ key: String, acl: [Thrift.AccessControl], from read: (_ bytesMax: Int) throws -> [UInt8]
    ) async throws {
        let session = try await call(key) {
            try await nimbus.beginCreateBlob(key: key, meta: Thrift.SettableBlobMeta(acl: acl))
        }
        try await upload(key, session, read)
        say("Successfully created \(key)")
    }

    package func update(_ key: String, from read: (_ bytesMax: Int) throws -> [UInt8]) async throws {
        let session = try await call(key) { try await nimbus.beginUpdateBlob(key: key) }
        try await upload(key, session, read)
        say("Successfully updated \(key)")
    }

    private func upload(_ key: String, _ session: String, _ read: (Int) throws -> [UInt8]) async throws {
        do {
            while true {
                let chunk = try read(Self.chunkBytes)
                if chunk.isEmpty { break }
                try await nimbus.uploadBlobChunk(session: session, chunk: chunk)
            }
            try await nimbus.finishBlobUpload(session: session)
        } catch {
            // The first failure is what matters; nimbus forgets a session by itself too.
            try? await nimbus.cancelBlobUpload(session: session)
            if let error = error as? CommandFailure { throw error }
            throw CommandFailure("\(key): \(NimbusErrorText.text(error))")
        }
    }

    package func delete(_ keys: [String]) async throws {
        for key in keys {
            try await call(key) { try await nimbus.deleteBlob(key: key) }
            say("deleted \(key)")
        }
    }

    private func call<Result>(_ what: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch {
            throw CommandFailure("\(what): \(NimbusErrorText.text(error))")
        }
    }
}
