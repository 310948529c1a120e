internal import CStormArchive

/// The content of one entry on its way out: unpacked, counted, and compared with its checksum.
final class CheckedContent {
    private let entry: ZipEntry
    /// Nil: the content is stored as it is.
    private let inflater: OpaquePointer?
    private var hasEnded = false
    private var sizeBytes: Int64 = 0
    private var checksum: UInt32 = 0
    private var output: [UInt8]

    init(_ entry: ZipEntry) throws(ArchiveError) {
        self.entry = entry
        switch entry.method {
        case .stored:
            guard entry.packedBytes == entry.sizeBytes else {
                throw ArchiveError("'\(entry.name)' is stored, but its two sizes differ")
            }
            inflater = nil
            output = []
        case .deflated:
            guard let made = storm_inflater_new() else { throw ArchiveError("there is no memory to unpack") }
            inflater = made
            output = [UInt8](repeating: 0, count: 1 << 16)
        case .unknown(let number):
            throw ArchiveError("'\(entry.name)' is packed by method \(number); there are stored (0) and deflate (8)")
        }
    }

    deinit { storm_inflater_free(inflater) }

    typealias Take = (UnsafeBufferPointer<UInt8>) throws(ArchiveError) -> Void

    /// Takes packed bytes and passes on what is in them.
    func add(_ piece: [UInt8], _ take: Take) throws(ArchiveError) {
        guard inflater != nil else { return try pass(piece, piece.count, take) }
        var used = 0
        // A full output may mean that zlib has more of it without any input.
        var mayHaveMore = false
        while used < piece.count || mayHaveMore {
            guard !hasEnded else { throw ArchiveError("'\(entry.name)' has bytes behind its end") }
            let (result, taken, made) = run(piece, used)
            hasEnded = result == STORM_INFLATE_END.rawValue
            if taken == 0, made == 0, !hasEnded, result >= 0, used == piece.count { break }
            guard result >= 0, taken > 0 || made > 0 || hasEnded else {
                throw ArchiveError("'\(entry.name)' is damaged: it cannot be unpacked")
            }
            used += taken
            mayHaveMore = made == output.count && !hasEnded
            try pass(output, made, take)
        }
    }

    private func run(_ piece: [UInt8], _ used: Int) -> (result: Int32, taken: Int, made: Int) {
        var taken = 0
        var made = 0
        let result = piece.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { room in
                storm_inflater_run(
                    inflater, input.baseAddress! + used, input.count - used, &taken, room.baseAddress!, room.count,
                    &made)
            }
        }
        return (result, taken, made)
    }

    private func pass(_ bytes: [UInt8], _ count: Int, _ take: Take) throws(ArchiveError) {
        guard count > 0 else { return }
        sizeBytes += Int64(count)
        guard sizeBytes <= entry.sizeBytes else {
            throw ArchiveError("'\(entry.name)' has more than the \(entry.sizeBytes) bytes that the directory tells")
        }
        checksum = bytes.withUnsafeBufferPointer { storm_crc32(checksum, $0.baseAddress, count) }
        let result: Result<Void, ArchiveError> = bytes.withUnsafeBufferPointer { all in
            do throws(ArchiveError) {
                return .success(try take(UnsafeBufferPointer(rebasing: all[..<count])))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// - Throws: when something is missing, or other than it was.
    func finish() throws(ArchiveError) {
        guard inflater == nil || hasEnded, sizeBytes == entry.sizeBytes else {
            throw ArchiveError("'\(entry.name)' is not complete: \(sizeBytes) of \(entry.sizeBytes) bytes")
        }
        guard checksum == entry.crc32 else { throw ArchiveError("'\(entry.name)' is damaged: its checksum differs") }
    }
}
