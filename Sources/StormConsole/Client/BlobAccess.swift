package import StormThrift

/// The text form of a blob's access list: `u:alice:rwa,o::r` (reference: Storm's `blobstore` command).
package enum BlobAccess {
    private static let letters: [(letter: Character, bit: Int32)] = [("r", 1), ("w", 2), ("a", 4)]

    package static func text(_ entry: Thrift.AccessControl) -> String {
        let rights = letters.map { entry.access & $0.bit != 0 ? String($0.letter) : "-" }.joined()
        return "\(entry.type == .user ? "u" : "o"):\(entry.name ?? ""):\(rights)"
    }

    /// - Throws: a failure of the command line that names the part that cannot be read.
    package static func parse(_ text: String) throws(CommandFailure) -> [Thrift.AccessControl] {
        var entries: [Thrift.AccessControl] = []
        for part in text.split(separator: ",") {
            let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
            guard let rights = pieces.last.flatMap(access) else {
                throw .usage("access list \"\(part)\": the rights are letters of r, w, a or -, as in u:alice:rwa")
            }
            switch pieces.count {
            case 1: entries.append(Thrift.AccessControl(type: .other, access: rights))
            case 2: entries.append(Thrift.AccessControl(type: .user, name: String(pieces[0]), access: rights))
            case 3 where pieces[0] == "u" || pieces[0] == "user":
                entries.append(Thrift.AccessControl(type: .user, name: String(pieces[1]), access: rights))
            case 3 where pieces[0] == "o" || pieces[0] == "other":
                entries.append(Thrift.AccessControl(type: .other, access: rights))
            default:
                throw .usage("access list \"\(part)\" must look like u:alice:rwa, alice:rwa or o::r")
            }
        }
        return entries
    }

    private static func access(_ text: Substring) -> Int32? {
        var sum: Int32 = 0
        for letter in text where letter != "-" {
            guard let bit = letters.first(where: { $0.letter == letter })?.bit else { return nil }
            sum |= bit
        }
        return sum
    }
}
