package import StormCore
import StormSubmission

/// Downloads in progress, bounded in number; each expires when at rest, and gives way to a new one before that.
package actor Downloads {
    /// With as many as may be in progress, one at rest for this long gives way: its client has most likely gone.
    static let abandonedMilliseconds: Int64 = 60_000

    private struct Download {
        /// Nil while a call reads from it.
        var file: DiskFile?
        /// What its content must be.
        let sha256: String
        var touched: Int64
    }

    private let countMax: Int
    private let chunkBytes: Int
    private let idleMilliseconds: Int64
    private let time: any TimeSource
    private var downloads: [String: Download] = [:]

    package init(countMax: Int, chunkBytes: Int, idleMilliseconds: Int64, time: any TimeSource) {
        self.countMax = countMax
        self.chunkBytes = chunkBytes
        self.idleMilliseconds = idleMilliseconds
        self.time = time
    }

    private var now: Int64 { time.monotonicNanoseconds() / 1_000_000 }

    /// - Parameter sha256: of the whole file, compared at its end.
    /// - Returns: a session.
    package func begin(_ path: String, sha256: String) async throws -> String {
        let count = downloads.count
        let abandoned = count < countMax ? nil : longestAbandoned()
        guard count < countMax || abandoned != nil else { throw TransferError.tooMany(count) }
        let session = UniqueName.next()
        // Its place is taken before anybody else can be served.
        if let abandoned { downloads[abandoned.session] = nil }
        downloads[session] = Download(file: nil, sha256: sha256, touched: now)
        if let abandoned { await abandoned.file.close() }
        do {
            downloads[session]!.file = try await DiskFile.reading(path)
        } catch {
            downloads[session] = nil
            throw error
        }
        return session
    }

    /// The next bytes; none at the end, with which the session ends.
    /// - Throws: `DiskError` when the file cannot be read, or was not what it should be.
    package func next(_ session: String) async throws -> [UInt8] {
        guard let download = downloads[session] else { throw TransferError.unknown(session) }
        guard var file = download.file else { throw TransferError.busy(session) }
        downloads[session]!.file = nil
        do {
            let bytes = try await file.read(chunkBytes)
            if bytes.isEmpty {
                let found = file.content.sha256
                guard found == download.sha256 else {
                    throw DiskError(action: "read", path: file.path, reason: "its SHA-256 is \(found)")
                }
                downloads[session] = nil
                await file.close()
            } else {
                downloads[session] = Download(file: file, sha256: download.sha256, touched: now)
            }
            return bytes
        } catch {
            downloads[session] = nil
            await file.close()
            throw error
        }
    }

    /// The one at rest for longest, if that is long enough for it to give way.
    private func longestAbandoned() -> (session: String, file: DiskFile)? {
        var found: (session: String, file: DiskFile, touched: Int64)?
        for (session, download) in downloads where now - download.touched >= Self.abandonedMilliseconds {
            guard let file = download.file, download.touched < found?.touched ?? .max else { continue }
            found = (session, file, download.touched)
        }
        return found.map { ($0.session, $0.file) }
    }

    /// Ends what has been at rest for too long.
    package func expire() async {
        for session in Array(downloads.keys) {
            // Others ran while the one before was closed.
            guard let download = downloads[session], now - download.touched >= idleMilliseconds,
                let file = download.file
            else { continue }
            downloads[session] = nil
            await file.close()
        }
    }
}
