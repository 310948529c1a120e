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

    /// A blob in `storm blobstore list --json`.
    package struct Row: Encodable, Equatable, Sendable {
        package var key: String
        /// False for a key that was asked for and is not there; then the rest is missing.
        package var exists: Bool
        package var version: Int64?
        /// Texts such as `u:alice:rwa`.
        package var acl: [String]?

        package init(key: String, exists: Bool = true, version: Int64? = nil, acl: [String]? = nil) {
            self.key = key
            self.exists = exists
            self.version = version
            self.acl = acl
        }
    }

    /// One line for each key: key, version, access list.
    /// - Parameter keys: empty for all.
    package func list(_ keys: [String], isJSON: Bool = false) async throws {
        let rows = try await rows(keys)
        if isJSON { return say(try JSONOutput.text(rows)) }
        for row in rows {
            guard row.exists else {
                say("\(row.key) NOT FOUND")
                continue
            }
            say("\(row.key) \(row.version ?? 0) [\((row.acl ?? []).joined(separator: ", "))]")
        }
    }

    /// Keys alone, a line each.
    package func names() async throws { try await allKeys().forEach(say) }

    private func rows(_ keys: [String]) async throws -> [Row] {
        var rows: [Row] = []
        for key in keys.isEmpty ? try await allKeys() : keys {
            do {
                let meta = try await nimbus.getBlobMeta(key: key)
                rows.append(Row(key: key, version: meta.version, acl: meta.settable.acl.map(BlobAccess.text)))
            } catch is Thrift.KeyNotFoundException {
                // Listed a moment ago and gone: then it is no error.
                if !keys.isEmpty { rows.append(Row(key: key, exists: false)) }
            } catch {
                throw CommandFailure.nimbus(error, about: key)
            }
        }
        return rows
    }

    package func allKeys() async throws -> [String] {
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

    /// How many nimbuses hold a blob: `storm blobstore replication --json`.
    package struct Replicas: Encodable, Equatable, Sendable {
        package var key: String
        package var replication: Int

        package init(key: String, replication: Int) {
            self.key = key
            self.replication = replication
        }
    }

    package func replication(_ key: String, isJSON: Bool = false) async throws {
        let count = try await call(key) { try await nimbus.getBlobReplication(key: key) }
        say(
            isJSON
                ? try JSONOutput.text(Replicas(key: key, replication: Int(count)))
                : "Current replication factor \(count)")
    }

    // MARK: Writing

    /// A blob that was written: `storm blobstore create|update --json`.
    package struct Written: Encodable, Equatable, Sendable {
        package var key: String
        package var sizeBytes: Int64

        private enum CodingKeys: String, CodingKey {
            case key
            case sizeBytes = "size_bytes"
        }

        package init(key: String, sizeBytes: Int64) {
            self.key = key
            self.sizeBytes = sizeBytes
        }
    }

    /// - Parameters:
    ///   - sent: told after each piece how many bytes are there.
    ///   - read: gives up to so many bytes of the contents; nothing at their end.
    package func create(
        _ key: String, acl: [Thrift.AccessControl], isJSON: Bool = false, sent: (Int64) -> Void = { _ in },
        from read: (_ bytesMax: Int) throws -> [UInt8]
    ) async throws {
        let session = try await call(key) {
            try await nimbus.beginCreateBlob(key: key, meta: Thrift.SettableBlobMeta(acl: acl))
        }
        let written = try await upload(key, session, sent, read)
        say(isJSON ? try JSONOutput.text(written) : "Successfully created \(key)")
    }

    package func update(
        _ key: String, isJSON: Bool = false, sent: (Int64) -> Void = { _ in },
        from read: (_ bytesMax: Int) throws -> [UInt8]
    ) async throws {
        let session = try await call(key) { try await nimbus.beginUpdateBlob(key: key) }
        let written = try await upload(key, session, sent, read)
        say(isJSON ? try JSONOutput.text(written) : "Successfully updated \(key)")
    }

    private func upload(
        _ key: String, _ session: String, _ sent: (Int64) -> Void, _ read: (Int) throws -> [UInt8]
    ) async throws -> Written {
        var count: Int64 = 0
        do {
            while true {
                let chunk = try read(Self.chunkBytes)
                if chunk.isEmpty { break }
                try await nimbus.uploadBlobChunk(session: session, chunk: chunk)
                count += Int64(chunk.count)
                sent(count)
            }
            try await nimbus.finishBlobUpload(session: session)
            return Written(key: key, sizeBytes: count)
        } catch {
            // The first failure is what matters; nimbus forgets a session by itself too.
            try? await nimbus.cancelBlobUpload(session: session)
            throw CommandFailure.nimbus(error, about: key)
        }
    }

    /// What is gone: `storm blobstore delete --json`.
    package struct Deleted: Encodable, Equatable, Sendable {
        package var deleted: [String] = []

        package init(deleted: [String] = []) { self.deleted = deleted }
    }

    /// What was deleted before a failure is said as well.
    package func delete(_ keys: [String], isJSON: Bool = false) async throws {
        var gone = Deleted()
        do {
            for key in keys {
                try await call(key) { try await nimbus.deleteBlob(key: key) }
                gone.deleted.append(key)
                if !isJSON { say("deleted \(key)") }
            }
        } catch {
            if isJSON { say(try JSONOutput.text(gone)) }
            throw error
        }
        if isJSON { say(try JSONOutput.text(gone)) }
    }

    private func call<Result>(_ what: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch {
            throw CommandFailure.nimbus(error, about: what)
        }
    }
}
