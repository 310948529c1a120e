package import StormThrift

/// What `storm shell` does with nimbus: gives it the archive of a program that submits its topology over Thrift by itself.
package enum ShellUpload {
    /// Storm's.
    private static let chunkBytes = 307_200

    /// - Parameter sent: told how many bytes nimbus has, after each chunk.
    /// - Returns: what Storm puts behind the program's arguments: host and port of the leader, and where the archive is there.
    /// - Throws: `CommandFailure`; that the nimbus does not lead.
    package static func place(
        of archive: [UInt8], on nimbus: any NimbusService, sent: (Int64) -> Void
    ) async throws -> [String] {
        do {
            guard let leader = try await nimbus.getLeader() else {
                throw CommandFailure.unreachable("no nimbus leads at the moment; try again")
            }
            let location = try await nimbus.beginFileUpload()
            for start in stride(from: 0, to: archive.count, by: chunkBytes) {
                let end = min(start + chunkBytes, archive.count)
                try await nimbus.uploadChunk(location: location, chunk: Array(archive[start..<end]))
                sent(Int64(end))
            }
            try await nimbus.finishFileUpload(location: location)
            return [leader.host, "\(leader.port)", location]
        } catch let error as ThriftApplicationException where error.isNotLeader {
            // Whoever found this leader finds the next one.
            throw error
        } catch {
            throw CommandFailure.nimbus(error)
        }
    }
}
