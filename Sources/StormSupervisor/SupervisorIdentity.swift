internal import FoundationEssentials
internal import StormProcess

/// The name of this supervisor for as long as its folder lives.
package enum SupervisorIdentity {
    /// Reads the id, or makes one: a random UUID in lower case.
    /// - Throws: ``SupervisorError`` `badState` when the file holds something else; it is not replaced, since workers
    ///   and assignments may carry the old name.
    package static func loadOrCreate(_ path: String) throws -> String {
        guard SystemFile.exists(path) else {
            let id = UUID().uuidString.lowercased()
            try SystemFile.writeAtomically(path, Array("\(id)\n".utf8), mode: 0o644)
            return id
        }
        let bytes = SystemFile.read(path, bytesMax: 256) ?? []
        let id = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard !id.isEmpty, id.utf8.allSatisfy({ isNamePart($0) }) else {
            throw SupervisorError(
                .badState,
                "\(path) holds no supervisor id; put the old one back, or remove the file and "
                    + "stop this machine's workers for a new one")
        }
        return id
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
