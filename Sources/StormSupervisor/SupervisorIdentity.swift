internal import FoundationEssentials
internal import StormManifest
internal import StormProcess

/// The name of this supervisor for as long as its folder lives.
package struct SupervisorIdentity: Hashable, Sendable {
    package let id: String
    /// Nil: the file held the id, or there was none. Else what became of a damaged file, in words.
    package let fault: String?

    /// Reads the id, or makes one: a random UUID in lower case.
    ///
    /// A file that holds none is set aside. The id is then the one that the workers' `worker.json` here agree on, so that
    /// they are still this machine's; where no worker was started nothing but empty assignments can carry the old name, and
    /// nimbus gives those to others.
    /// - Throws: ``SupervisorError`` `badState` when the file is there and cannot be read, which says nothing about what it
    ///   holds; and when it cannot be written.
    package static func loadOrCreate(_ paths: SupervisorPaths) throws -> SupervisorIdentity {
        let path = paths.idFile
        guard SystemFile.exists(path) else {
            return SupervisorIdentity(id: try write(UUID().uuidString.lowercased(), path), fault: nil)
        }
        guard let bytes = SystemFile.read(path, bytesMax: 256) else {
            throw SupervisorError(.badState, "\(path) cannot be read")
        }
        let id = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        if isName(id) { return SupervisorIdentity(id: id, fault: nil) }
        DamagedFile.setAside(path)
        let remembered = rememberedByWorkers(paths)
        let new = try write(remembered ?? UUID().uuidString.lowercased(), path)
        let origin =
            remembered == nil ? "a new id, since no worker here tells the old one" : "the id in its workers' files"
        return SupervisorIdentity(
            id: new, fault: "\(path) was damaged: it held no supervisor id. This supervisor goes on under \(origin)")
    }

    private static func write(_ id: String, _ path: String) throws -> String {
        try SystemFile.writeAtomically(path, Array("\(id)\n".utf8), mode: 0o644)
        return id
    }

    /// Nil when there are none, or when they do not agree.
    private static func rememberedByWorkers(_ paths: SupervisorPaths) -> String? {
        // Without the folder there are no workers.
        let workers = (try? FileManager.default.contentsOfDirectory(atPath: paths.workers)) ?? []
        // What cannot be read says nothing.
        let ids = Set(workers.compactMap { try? WorkerManifest.load(paths.manifest($0)).supervisorID })
        guard ids.count == 1, let id = ids.first, isName(id) else { return nil }
        return id
    }

    private static func isName(_ id: String) -> Bool { !id.isEmpty && id.utf8.allSatisfy { isNamePart($0) } }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
