package import Logging
package import StormCluster
package import StormCore
import StormProcess
import StormSubmission

/// This nimbus' part in the cluster's blobs: which it holds, announced by an ephemeral node each, and getting the others.
package actor BlobCatalog {
    private struct Announcement {
        let sha256: String
        let registration: any EphemeralRegistration
    }

    /// A file that no key refers to, and since when that is known, in monotonic milliseconds.
    private struct Unreferenced {
        let mark: FileMark
        let since: Int64
    }

    private let state: ClusterState
    private let directory: BlobDirectory
    private let fetcher: any BlobFetcher
    /// `host:port` of this nimbus; empty until it listens.
    private var identity = ""
    private let time: any TimeSource
    private let logger: Logger
    private var announcements: [String: Announcement] = [:]
    /// The newest change of each key's announcement that is under way. Two at once would make two registrations of one node,
    /// of which nobody closes the first: it would bring the node of a deleted blob back with every new session.
    private var changing: [String: Task<Void, any Error>] = [:]
    /// The newest exchange. Of two at once the older would judge by what the younger knows to be out of date.
    private var synchronizing: Task<Set<String>, any Error>?
    /// Contents here that were found to be what their name says, as their files were then; by hash.
    private var sound: [String: FileMark] = [:]
    /// Contents here that were found to be something else, as their files were then; by hash. They count as not here, but
    /// stay where they are: of a blob that nobody else has a damaged copy is all there is.
    private var damaged: [String: FileMark] = [:]
    /// Contents that are being looked at, or got again, now; by hash.
    private var checking: [String: Task<Void, any Error>] = [:]
    /// Told already: records of blobs that cannot be read.
    private var unreadable: Set<ClusterRecordError> = []
    /// Blobs here that no key refers to; by hash.
    private var unreferenced: [String: Unreferenced] = [:]
    /// How long they stay.
    private let unreferencedMilliseconds: Int64

    package init(
        state: ClusterState, directory: BlobDirectory, fetcher: any BlobFetcher, time: any TimeSource,
        unreferencedMilliseconds: Int64 = 600_000, logger: Logger
    ) {
        self.unreferencedMilliseconds = unreferencedMilliseconds
        self.state = state
        self.directory = directory
        self.fetcher = fetcher
        self.time = time
        self.logger = logger
    }

    /// Under which name to announce: before anything else.
    package func join(as identity: String) { self.identity = identity }

    /// `host:port` under which this nimbus announces.
    package var name: String { identity }

    /// Says that this nimbus holds `key` with this content. Saying it again does nothing.
    package func announce(_ key: String, _ sha256: String) async throws {
        if changing[key] == nil, announcements[key]?.sha256 == sha256 { return }
        guard !identity.isEmpty else { throw TransferError(description: "this nimbus is still starting") }
        try await changeAnnouncement(key, sha256)
    }

    /// Announces another content, or (nil) nothing any more, once the changes before this one are done.
    private func changeAnnouncement(_ key: String, _ sha256: String?) async throws {
        let before = changing[key]
        let change = Task {
            // How it went its own caller hears.
            _ = await before?.result
            try await self.replaceAnnouncement(key, sha256)
        }
        changing[key] = change
        defer { if changing[key] == change { changing[key] = nil } }
        try await change.value
    }

    private func replaceAnnouncement(_ key: String, _ sha256: String?) async throws {
        if let sha256, announcements[key]?.sha256 == sha256 { return }
        await announcements.removeValue(forKey: key)?.registration.close()
        guard let sha256 else { return }
        let path = ClusterPaths.blobReplica(key, nimbus: identity)
        let data = try RecordCodec.encode(BlobReplicaRecord(sha256: sha256))
        let registration = try await state.store.registerEphemeral(path, data)
        if try await isEmptyNode(key) {
            // The blob was deleted meanwhile, and the registration has brought its node back.
            await registration.close()
            return try await removeEmptyNode(key)
        }
        announcements[key] = Announcement(sha256: sha256, registration: registration)
    }

    /// A blob's node always has a record; one without is what is left of a deleted blob.
    private func isEmptyNode(_ key: String) async throws -> Bool {
        try await state.store.get(ClusterPaths.blob(key))?.bytes.isEmpty ?? false
    }

    private func removeEmptyNode(_ key: String) async throws {
        do {
            try await state.store.delete(ClusterPaths.blob(key), expectedVersion: 0)
            logger.info("removed what was left of a deleted blob", metadata: ["blob": "\(key)"])
        } catch let error as CoordinationError
            where error.code == .noNode || error.code == .notEmpty || error.code == .badVersion
        {
            // Somebody else did it, announces it at this moment and will do it, or has made the blob anew.
        }
    }

    /// Announces what is here, fetches what is not, forgets what the cluster has forgotten. One call after the other.
    /// - Parameters:
    ///   - protected: contents to keep although no key refers to them (uploads before their submit); asked when some are
    ///     about to go.
    ///   - collectsGarbage: whether contents that nothing refers to may go at all.
    /// - Returns: keys that are still missing here.
    package func synchronize(
        protected: @escaping @Sendable () async -> Set<String> = { [] }, collectsGarbage: Bool = true
    ) async throws -> Set<String> {
        let before = synchronizing
        let exchange = Task {
            // How it went its own caller hears.
            _ = await before?.result
            return try await self.exchange(protected, collectsGarbage)
        }
        synchronizing = exchange
        defer { if synchronizing == exchange { synchronizing = nil } }
        return try await withTaskCancellationHandler {
            try await exchange.value
        } onCancel: {
            exchange.cancel()
        }
    }

    private func exchange(
        _ protected: @Sendable () async -> Set<String>, _ collectsGarbage: Bool
    ) async throws -> Set<String> {
        try Task.checkCancellation()
        var missing: Set<String> = []
        var referenced: Set<String> = []
        // What is announced from here on may be newer than the list of keys.
        let announced = Set(announcements.keys)
        let keys = Set(try await state.blobs.ids())
        for key in announced.subtracting(keys).sorted() { try await changeAnnouncement(key, nil) }
        // Those that are here need only questions to the store; the others are fetched one after the other.
        let looks = try await state.store.each(of: keys.sorted()) { try await self.announceIfHere($0) }
        for look in looks {
            guard let record = look.record else { continue }
            referenced.insert(record.sha256)
            guard !look.isHere else { continue }
            do {
                try await ensureLocal(record)
            } catch let error where !(error is CoordinationError) && !(error is CancellationError) {
                missing.insert(record.key)
                logger.warning("a blob is missing here", metadata: ["blob": "\(record.key)", "error": "\(error)"])
            }
        }
        sound = sound.filter { referenced.contains($0.key) }
        damaged = damaged.filter { referenced.contains($0.key) }
        let faults = looks.compactMap(\.fault)
        unreadable.formIntersection(faults)
        // What cannot be read may refer to any content here.
        if collectsGarbage, faults.isEmpty { try await collectGarbage(referenced, protected) }
        return missing
    }

    /// What a look at one key found; no record: there is nothing to hold, or it cannot be read.
    private struct Look: Sendable {
        var record: BlobRecord?
        var fault: ClusterRecordError?
        var isHere = false
    }

    private func announceIfHere(_ key: String) async throws -> Look {
        let stored: BlobRecord?
        do {
            stored = try await storedRecord(key)
        } catch let fault as ClusterRecordError {
            tell(fault)
            return Look(fault: fault)
        }
        guard let record = stored else {
            if try await isEmptyNode(key) {
                // Our own announcement keeps it there, when a new session made that again after the store was wiped.
                try await changeAnnouncement(key, nil)
                try await removeEmptyNode(key)
            }
            return Look()
        }
        do {
            guard try await isHere(record) else { return Look(record: record) }
            if announcements[key]?.sha256 != record.sha256 { try await ensureLocal(record) }
            return Look(record: record, isHere: true)
        } catch let error where !(error is CoordinationError) && !(error is CancellationError) {
            // Tried again, and told then, with those that are not here.
            return Look(record: record)
        }
    }

    /// Whether it is on this disk, as long as it should be, and not known to be damaged.
    private func isHere(_ record: BlobRecord) async throws -> Bool {
        guard try await directory.has(record.sha256, sizeBytes: record.sizeBytes) else { return false }
        guard damaged[record.sha256] != nil else { return true }
        let mark = try await directory.mark(record.sha256)
        return damaged[record.sha256] != mark
    }

    /// Makes sure that the blob is on this disk, as long as it should be and not known to be damaged, and announces it.
    /// - Throws: when no nimbus that has it can be reached.
    package func ensureLocal(_ record: BlobRecord) async throws {
        if try await !isHere(record) { try await fetch(record) }
        // The key may have gone meanwhile, and announcing it would bring its node back; or it may have another content.
        if try await self.record(record.key)?.sha256 == record.sha256 { try await announce(record.key, record.sha256) }
    }

    /// Makes sure that the blob is on this disk and is what was submitted: before it is given to anybody. Reads what has
    /// changed since it was read last; a damaged one is replaced by that of another nimbus.
    /// - Throws: when no nimbus that has it can be reached. What is here stays then.
    package func ensureSound(_ record: BlobRecord) async throws {
        if let task = checking[record.sha256] { return try await task.value }
        let task = Task { try await self.check(record) }
        checking[record.sha256] = task
        defer { if checking[record.sha256] == task { checking[record.sha256] = nil } }
        try await task.value
    }

    /// Says that what was just put on this disk has this hash: then nobody has to read it for that.
    package func vouch(for sha256: String) async throws {
        sound[sha256] = try await directory.mark(sha256)
        damaged[sha256] = nil
    }

    private func check(_ record: BlobRecord) async throws {
        try await replaceDamaged(record)
        let mark = try await directory.mark(record.sha256)
        if sound[record.sha256] == mark { return }
        let found: String
        do {
            found = try await directory.content(record.sha256).sha256
        } catch let error as DiskError {
            return try await replaceUnreadable(record, mark, error)
        }
        if found == record.sha256 {
            sound[record.sha256] = mark
            return
        }
        logger.error(
            "a blob is damaged on this disk: it is given to nobody, and fetched from another nimbus",
            metadata: ["blob": "\(record.key)", "sha256": "\(record.sha256)", "found": "\(found)"])
        damaged[record.sha256] = mark
        try await replaceDamaged(record)
    }

    /// Counts as damaged only while another nimbus is asked for it: the disk may read it the next time.
    private func replaceUnreadable(_ record: BlobRecord, _ mark: FileMark, _ fault: DiskError) async throws {
        logger.error(
            "a blob cannot be read on this disk: it is fetched from another nimbus",
            metadata: ["blob": "\(record.key)", "error": "\(fault)"])
        damaged[record.sha256] = mark
        do {
            try await ensureLocal(record)
        } catch {
            if damaged[record.sha256] == mark { damaged[record.sha256] = nil }
            guard let reason = error as? TransferError else { throw error }
            throw TransferError(description: "\(fault); \(reason)")
        }
    }

    /// Has every content read again before it is given to anybody: after a read of one that counted as sound failed.
    package func doubtAll() { sound = [:] }

    /// As `ensureLocal`; an error says when there is a damaged copy.
    private func replaceDamaged(_ record: BlobRecord) async throws {
        do {
            try await ensureLocal(record)
        } catch let error as TransferError where damaged[record.sha256] != nil {
            throw TransferError(description: "it was damaged on the disk of \(identity); \(error)")
        }
    }

    /// How many nimbuses hold the blob.
    package func replicationCount(_ key: String) async throws -> Int { try await state.blobReplicas(key).ids().count }

    /// Nil when there is none, or when it cannot be read.
    package func record(_ key: String) async throws -> BlobRecord? {
        do {
            return try await storedRecord(key)
        } catch let fault as ClusterRecordError {
            tell(fault)
            return nil
        }
    }

    /// Nil when there is none.
    /// - Throws: `ClusterRecordError` when it cannot be read.
    private func storedRecord(_ key: String) async throws -> BlobRecord? {
        let path = ClusterPaths.blob(key)
        guard let data = try await state.store.get(path), !data.bytes.isEmpty else { return nil }
        return try RecordCodec.decode(BlobRecord.self, data.bytes, path: path)
    }

    private func tell(_ fault: ClusterRecordError) {
        guard unreadable.insert(fault).inserted else { return }
        logger.error(
            "a blob's record cannot be read: contents that nothing refers to stay on this disk until it can",
            metadata: ["error": "\(fault)"])
    }

    private func fetch(_ record: BlobRecord) async throws {
        // What is here is damaged, if anything: nobody may ask for it meanwhile, who would be asked in return.
        for (key, announcement) in announcements where announcement.sha256 == record.sha256 {
            try await changeAnnouncement(key, nil)
        }
        let holders = try await state.blobReplicas(record.key).readable().records
            .filter { $0.key != identity && $0.value.record.sha256 == record.sha256 }.keys.sorted()
        var reasons: [String] = []
        for holder in holders {
            let path = directory.newInboxPath(UniqueName.next())
            do {
                let content = try await fetcher.fetch(record.key, from: holder, to: path)
                guard content.sha256 == record.sha256 else {
                    throw TransferError(description: "what it sent has the hash \(content.sha256)")
                }
                try await directory.commit(path, content)
                try await vouch(for: content.sha256)
                logger.info("blob fetched", metadata: ["blob": "\(record.key)", "peer": "\(holder)"])
                return
            } catch {
                // The reason that matters is the one of the fetch.
                try? await Disk.remove(path)
                reasons.append("\(holder): \(error)")
            }
        }
        let why = holders.isEmpty ? "no other nimbus that is up holds it" : reasons.joined(separator: "; ")
        throw TransferError(description: "blob \(record.key) cannot be fetched: \(why)")
    }

    /// Deletes contents that nothing has referred to for a long time. One that comes again meanwhile counts anew: the submit
    /// that it is for is not in the store yet.
    private func collectGarbage(
        _ referenced: Set<String>, _ protected: @Sendable () async -> Set<String>
    ) async throws {
        let now = time.monotonicNanoseconds() / 1_000_000
        let found = try await directory.all().subtracting(referenced.union(await protected()))
        unreferenced = unreferenced.filter { found.contains($0.key) }
        for sha256 in found {
            let mark = try await directory.mark(sha256)
            if unreferenced[sha256]?.mark != mark { unreferenced[sha256] = Unreferenced(mark: mark, since: now) }
        }
        let due = unreferenced.filter { now - $0.value.since >= unreferencedMilliseconds }.sorted { $0.key < $1.key }
        if due.isEmpty { return }
        // Fetching may have taken minutes: what was submitted meanwhile stays.
        guard let wanted = try await referencedNow()?.union(await protected()) else { return }
        for (sha256, file) in due {
            unreferenced[sha256] = nil
            if wanted.contains(sha256) { continue }
            guard try await directory.remove(sha256, ifStill: file.mark) else { continue }
            sound[sha256] = nil
            damaged[sha256] = nil
        }
    }

    /// Nil when a record cannot be read, which may refer to any content here.
    private func referencedNow() async throws -> Set<String>? {
        do {
            let records = try await state.store.each(of: try await state.blobs.ids()) {
                [try await self.storedRecord($0)]
            }
            return Set(records.compactMap { $0[0]?.sha256 })
        } catch let fault as ClusterRecordError {
            tell(fault)
            return nil
        }
    }
}
