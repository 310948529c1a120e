package import StormSubmission
import StormThrift

/// Gets a blob from another nimbus.
package protocol BlobFetcher: Sendable {
    /// Writes the blob to `path`, flushed, and returns what it wrote.
    /// - Parameter holder: `host:port` of a nimbus.
    func fetch(_ key: String, from holder: String, to path: String) async throws -> ContentHash
}

/// Over the other nimbus' Thrift port.
package struct ThriftBlobFetcher: BlobFetcher {
    package init() {}

    package func fetch(_ key: String, from holder: String, to path: String) async throws -> ContentHash {
        guard let colon = holder.lastIndex(of: ":"), let port = Int(holder[holder.index(after: colon)...]) else {
            throw TransferError(description: "'\(holder)' is not host:port")
        }
        let client = try await NimbusClient.connect(host: String(holder[..<colon]), port: port)
        do {
            let content = try await Self.copy(key, client, path)
            await client.close()
            return content
        } catch {
            await client.close()
            throw error
        }
    }

    private static func copy(_ key: String, _ nimbus: any NimbusService, _ path: String) async throws -> ContentHash {
        let download = try await nimbus.beginBlobDownload(key: key)
        var file = try await DiskFile.creating(path)
        do {
            while true {
                let chunk = try await nimbus.downloadBlobChunk(session: download.session)
                if chunk.isEmpty { break }
                try await file.write(chunk)
            }
            try await file.synchronize()
            await file.close()
        } catch {
            await file.close()
            throw error
        }
        return file.content
    }
}
