package import StormCore
import StormSubmission

/// Downloads in progress, bounded in number; each expires when at rest.
package actor Downloads {
    private struct Download {
        /// Nil while a call reads from it.
        var file: DiskFile?
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

    /// - Returns: a session.
    package func begin(_ path: String) async throws -> String {
        guard downloads.count < countMax else { throw TransferError.tooMany(downloads.count) }
        let session = UniqueName.next()
        downloads[session] = Download(file: nil, touched: now)
        do {
            downloads[session]!.file = try await DiskFile.reading(path)
        } catch {
            downloads[session] = nil
            throw error
        }
        return session
    }

    /// The next bytes; none at the end, with which the session ends.
    package func next(_ session: String) async throws -> [UInt8] {
        guard let download = downloads[session] else { throw TransferError.unknown(session) }
        guard var file = download.file else { throw TransferError.busy(session) }
        downloads[session]!.file = nil
        do {
            let bytes = try await file.read(chunkBytes)
            if bytes.isEmpty {
                downloads[session] = nil
                await file.close()
            } else {
                downloads[session] = Download(file: file, touched: now)
            }
            return bytes
        } catch {
            downloads[session] = nil
            await file.close()
            throw error
        }
    }

    /// Ends what has been at rest for too long.
    package func expire() async {
        for (session, download) in downloads where now - download.touched >= idleMilliseconds {
            guard let file = download.file else { continue }
            downloads[session] = nil
            await file.close()
        }
    }
}
