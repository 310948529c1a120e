package import StormSubmission

/// Uploads of blobs: sessions over `Uploads`, each with the key it is for.
package actor BlobUploads {
    private struct Target {
        let key: String
        let mustBeNew: Bool
    }

    private let uploads: Uploads
    private var targets: [String: Target] = [:]

    package init(uploads: Uploads) { self.uploads = uploads }

    package func begin(key: String, mustBeNew: Bool) async throws -> String {
        await forgetEnded()
        let session = try await uploads.begin()
        targets[session] = Target(key: key, mustBeNew: mustBeNew)
        return session
    }

    package func append(_ session: String, _ bytes: [UInt8]) async throws {
        guard targets[session] != nil else { throw TransferError.unknown(session) }
        try await uploads.append(session, bytes)
    }

    package func finish(_ session: String) async throws -> (key: String, mustBeNew: Bool, content: ContentHash) {
        guard let target = targets[session] else { throw TransferError.unknown(session) }
        let content = try await uploads.finish(session)
        targets[session] = nil
        return (target.key, target.mustBeNew, content)
    }

    /// After the key has the content, or will never have it: nobody can ask for a blob's upload again.
    package func release(_ session: String) async { await uploads.release(session) }

    package func cancel(_ session: String) async throws {
        guard targets.removeValue(forKey: session) != nil else { throw TransferError.unknown(session) }
        try await uploads.cancel(session)
    }

    private func forgetEnded() async {
        let open = await uploads.locations
        targets = targets.filter { open.contains($0.key) }
    }
}
