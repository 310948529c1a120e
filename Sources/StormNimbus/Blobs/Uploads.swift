package import StormCore
package import StormSubmission

/// Uploads in progress and those that wait to be used. Bounded in number and size; each expires when at rest.
package actor Uploads {
    package struct Limits: Sendable {
        package var countMax = 64
        package var bytesMax: Int64 = 4 << 30
        package var idleMilliseconds: Int64 = 600_000
        /// For a finished upload until it is submitted.
        package var finishedMilliseconds: Int64 = 3_600_000

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
    }

    private let directory: BlobDirectory
    private let limits: Limits
    private let time: any TimeSource
    private var uploads: [String: Upload] = [:]

    package init(directory: BlobDirectory, limits: Limits, time: any TimeSource) {
        self.directory = directory
        self.limits = limits
        self.time = time
    }

    private var now: Int64 { time.monotonicNanoseconds() / 1_000_000 }

    /// - Returns: the upload's location, a path below the inbox. Only locations given out here are accepted later.
    package func begin() async throws -> String {
        guard uploads.count < limits.countMax else { throw TransferError.tooMany(uploads.count) }
        let path = directory.newInboxPath(UniqueName.next())
        uploads[path] = Upload(path: path, phase: .busy, touched: now)
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
            await file.close()
            try await directory.commit(location, file.content)
        } catch {
            await drop(location, file)
            throw error
        }
        put(location, .finished(file.content))
        return file.content
    }

    /// The content of a finished upload; nil when there is no such one.
    package func finished(_ location: String) -> ContentHash? {
        guard case .finished(let content)? = uploads[location]?.phase else { return nil }
        return content
    }

    package func cancel(_ location: String) async throws { await drop(location, try take(location)) }

    /// Of all uploads, in whatever phase.
    package var locations: Set<String> { Set(uploads.keys) }

    /// Contents that a submit may still refer to.
    package var protectedContents: Set<String> {
        Set(
            uploads.values.compactMap {
                if case .finished(let content) = $0.phase { content.sha256 } else { nil }
            })
    }

    /// Ends what has been at rest for too long.
    package func expire() async {
        for (location, upload) in uploads {
            let age = now - upload.touched
            switch upload.phase {
            case .open(let file) where age >= limits.idleMilliseconds: await drop(location, file)
            case .finished where age >= limits.finishedMilliseconds: uploads[location] = nil
            default: break
            }
        }
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
    }

    private func drop(_ location: String, _ file: DiskFile) async {
        uploads[location] = nil
        await file.close()
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
