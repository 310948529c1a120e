/// Whole files through the chunked calls, one chunk in memory at a time. For any service, so that it works the same
/// over the network and in one process.
extension NimbusService {
    /// Uploads a file of code, as before a submit.
    /// - Parameter chunkBytes: 307200 is what Storm's clients send; must leave room for the call in the frame limit.
    /// - Returns: the location to name in `submitTopology`.
    /// - Throws: `ThriftError` `file`, and whatever the calls throw.
    package func upload(file path: String, chunkBytes: Int = 307_200) async throws -> String {
        try await withFile(.reading(path)) { file in
            let location = try await beginFileUpload()
            while true {
                let chunk = try await file.read(chunkBytes)
                if chunk.isEmpty { break }
                try await uploadChunk(location: location, chunk: chunk)
            }
            try await finishFileUpload(location: location)
            return location
        }
    }

    /// Creates a blob with the contents of a file. When that fails halfway the upload is cancelled.
    package func createBlob(
        key: String, meta: Thrift.SettableBlobMeta, file path: String, chunkBytes: Int = 307_200
    ) async throws {
        try await withFile(.reading(path)) { file in
            let session = try await beginCreateBlob(key: key, meta: meta)
            do {
                while true {
                    let chunk = try await file.read(chunkBytes)
                    if chunk.isEmpty { break }
                    try await uploadBlobChunk(session: session, chunk: chunk)
                }
                try await finishBlobUpload(session: session)
            } catch {
                // The first error is the one to report; an upload that is not cancelled expires by itself.
                try? await cancelBlobUpload(session: session)
                throw error
            }
        }
        try await createStateInZookeeper(key: key)
    }

    /// Downloads a blob to a file. It is written beside its final place and renamed when complete, so nobody sees half
    /// of it; a failed download leaves nothing behind. One download to a path at a time.
    /// - Returns: the blob's version and its size in bytes.
    /// - Throws: `Thrift.KeyNotFoundException`; `ThriftError` `truncated` when fewer or more bytes came than the server
    ///   announced; whatever else the calls and the file throw.
    @discardableResult
    package func downloadBlob(key: String, to path: String) async throws -> (version: Int64, byteCount: Int64) {
        let download = try await beginBlobDownload(key: key)
        let partial = path + ".part"
        do {
            let byteCount = try await withFile(.writing(partial)) { file in
                var byteCount: Int64 = 0
                while true {
                    let chunk = try await downloadBlobChunk(session: download.session)
                    if chunk.isEmpty { break }
                    try await file.write(chunk)
                    byteCount += Int64(chunk.count)
                }
                try await file.synchronize()
                return byteCount
            }
            if let announced = download.dataSize, announced != byteCount {
                throw ThriftError(.truncated, "blob \(key): \(byteCount) bytes came, \(announced) were announced")
            }
            try await LocalFile.rename(partial, to: path)
            return (download.version, byteCount)
        } catch {
            // The first error is the one to report.
            try? await LocalFile.remove(partial)
            throw error
        }
    }

    /// Runs `body` with an open file and closes it on every way out.
    private func withFile<Value: Sendable>(
        _ opened: OpenMode, _ body: (LocalFile) async throws -> Value
    ) async throws -> Value {
        let file =
            switch opened {
            case .reading(let path): try await LocalFile.reading(path)
            case .writing(let path): try await LocalFile.writing(path)
            }
        let value: Value
        do {
            value = try await body(file)
        } catch {
            // The first error is the one to report.
            try? await file.close()
            throw error
        }
        try await file.close()
        return value
    }
}

private enum OpenMode {
    case reading(String)
    case writing(String)
}
