package import StormCore
package import StormSubmission

/// Uploads in progress and those that wait to be used. Bounded in number and size; each expires when at rest.
///
/// A finished one stays valid after a submit: clients submit the same file again (streamparse's `-R`). When there are too many
/// of these, those that were not used for longest go.
package actor Uploads {
    package struct Limits: Sendable {
        /// Uploads that are in progress at once.
        package var openMax = 64
        /// With `openMax` in progress, one at rest for this long gives way to a new one: its client has most likely gone.
        package var abandonedMilliseconds: Int64 = 60_000
        /// Of one upload.
        package var bytesMax: Int64 = 4 << 30
        package var idleMilliseconds: Int64 = 600_000
        /// For a finished upload since it was last used.
        package var finishedMilliseconds: Int64 = 3_600_000
        package var finishedMax = 1024
        /// Of all finished ones together; content that several share counts once. The last one stays in any case.
        package var finishedBytesMax: Int64 = 16 << 30

        package init() {}
    }

    private enum Phase {
        case open(DiskFile)
        /// A call works with the file.
        case busy
        case finished(ContentHash)
    }

    private struct Upload {
        let path: String
        var phase: Phase
        var touched: Int64
        /// In the order of uses, also within a millisecond.
        var turn: UInt64

        var isFinished: Bool { content != nil }
        var content: ContentHash? { if case .finished(let content) = phase { content } else { nil } }
    }

    private let directory: BlobDirectory
    private let limits: Limits
    private let time: any TimeSource
    private let vouch: @Sendable (String) async throws -> Void
    private var uploads: [String: Upload] = [:]
    private var turns: UInt64 = 0

    /// - Parameter vouch: told the hash of each content right after it was put on the disk, with that hash.
    package init(
        directory: BlobDirectory, limits: Limits, time: any TimeSource,
        vouch: @escaping @Sendable (String) async throws -> Void = { _ in }
    ) {
        self.directory = directory
        self.limits = limits
        self.time = time
        self.vouch = vouch
    }

    private var now: Int64 { time.monotonicNanoseconds() / 1_000_000 }

    /// - Returns: the upload's location, a path below the inbox. Only locations given out here are accepted later.
    package func begin() async throws -> String {
        let open = uploads.values.count(where: { !$0.isFinished })
        let abandoned = open < limits.openMax ? nil : longestAbandoned()
        guard open < limits.openMax || abandoned != nil else { throw TransferError.tooMany(open) }
        let path = directory.newInboxPath(UniqueName.next())
        // Its place is taken before anybody else can be served.
        if let abandoned { uploads[abandoned.location] = nil }
        uploads[path] = Upload(path: path, phase: .busy, touched: now, turn: nextTurn())
        if let abandoned { await drop(abandoned.location, abandoned.file) }
        do {
            uploads[path]?.phase = .open(try await DiskFile.creating(path))
        } catch {
            uploads[path] = nil
            throw error
        }
        return path
    }

    package func append(_ location: String, _ bytes: [UInt8]) async throws {
        var file = try take(location)
        guard file.content.sizeBytes + Int64(bytes.count) <= limits.bytesMax else {
            await drop(location, file)
            throw TransferError(description: "the upload is larger than \(limits.bytesMax) bytes")
        }
        do {
            try await file.write(bytes)
            put(location, .open(file))
        } catch {
            await drop(location, file)
            throw error
        }
    }

    /// Makes it a blob of this nimbus. Finishing again gives the same.
    @discardableResult
    package func finish(_ location: String) async throws -> ContentHash {
        if let content = finished(location) { return content }
        let file = try take(location)
        do {
            try await file.synchronize()
        } catch {
            await drop(location, file)
            throw error
        }
        await file.close()
        do {
            try await directory.commit(location, file.content)
            try await vouch(file.content.sha256)
        } catch {
            await forget(location)
            throw error
        }
        put(location, .finished(file.content))
        forgetOldFinished()
        return file.content
    }

    /// The content of a finished upload, which counts as used; nil when there is no such one.
    package func finished(_ location: String) -> ContentHash? {
        guard let upload = uploads[location], let content = upload.content else { return nil }
        put(location, upload.phase)
        return content
    }

    /// Ends a finished upload that nobody will ask for again. Whoever needs its content has noted that before.
    package func release(_ location: String) {
        if uploads[location]?.isFinished ?? false { uploads[location] = nil }
    }

    package func cancel(_ location: String) async throws { await drop(location, try take(location)) }

    /// Of all uploads, in whatever phase.
    package var locations: Set<String> { Set(uploads.keys) }

    /// Contents that a submit may still refer to.
    package var protectedContents: Set<String> {
        Set(uploads.values.compactMap { $0.content?.sha256 })
    }

    /// Ends what has been at rest for too long.
    package func expire() async {
        for location in Array(uploads.keys) {
            // Others ran while the one before was closed.
            guard let upload = uploads[location] else { continue }
            let age = now - upload.touched
            switch upload.phase {
            case .open(let file) where age >= limits.idleMilliseconds: await drop(location, file)
            case .finished where age >= limits.finishedMilliseconds: uploads[location] = nil
            default: break
            }
        }
    }

    /// The one at rest for longest, if that is long enough for it to give way.
    private func longestAbandoned() -> (location: String, file: DiskFile)? {
        var found: (location: String, file: DiskFile, turn: UInt64)?
        for (location, upload) in uploads where now - upload.touched >= limits.abandonedMilliseconds {
            guard case .open(let file) = upload.phase, upload.turn < found?.turn ?? .max else { continue }
            found = (location, file, upload.turn)
        }
        return found.map { ($0.location, $0.file) }
    }

    /// Keeps what all finished uploads take within the limits. What is forgotten goes from the disk with the next exchange of
    /// blobs, unless a topology has it.
    private func forgetOldFinished() {
        let newestFirst = uploads.filter { $0.value.isFinished }.sorted { $0.value.turn > $1.value.turn }
        var bytes: Int64 = 0
        var counted: Set<String> = []
        for (index, (location, upload)) in newestFirst.enumerated() {
            guard let content = upload.content else { continue }
            if counted.insert(content.sha256).inserted { bytes += content.sizeBytes }
            if index > 0, index >= limits.finishedMax || bytes > limits.finishedBytesMax { uploads[location] = nil }
        }
    }

    private func nextTurn() -> UInt64 {
        turns += 1
        return turns
    }

    private func take(_ location: String) throws -> DiskFile {
        guard let upload = uploads[location] else { throw TransferError.unknown(location) }
        switch upload.phase {
        case .open(let file):
            uploads[location]!.phase = .busy
            return file
        case .busy: throw TransferError.busy(location)
        case .finished: throw TransferError(description: "upload '\(location)' is finished")
        }
    }

    private func put(_ location: String, _ phase: Phase) {
        uploads[location]?.phase = phase
        uploads[location]?.touched = now
        uploads[location]?.turn = nextTurn()
    }

    private func drop(_ location: String, _ file: DiskFile) async {
        uploads[location] = nil
        await file.close()
        await forget(location)
    }

    /// Of a file that is closed.
    private func forget(_ location: String) async {
        uploads[location] = nil
        // What is left in the inbox goes at the next start.
        try? await Disk.remove(location)
    }
}

/// Names that nobody else has.
package enum UniqueName {
    /// 32 hexadecimal digits.
    package static func next() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
