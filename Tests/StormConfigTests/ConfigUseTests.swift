import Foundation
import StormCore
import Testing

/// The table's promise: a key that is not marked as without effect has one.
@Suite struct ConfigUseTests {
    /// The text of all sources but the table's own files; a key's use is its typed name or its name in quotes.
    private static func sources() throws -> String {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources"
        let files = try #require(FileManager.default.enumerator(atPath: root))
        var text = ""
        for case let file as String in files
        where (file.hasSuffix(".swift") || file.hasSuffix(".py")) && !file.contains("StormCore/Config/Keys/") {
            text += try String(contentsOfFile: "\(root)/\(file)", encoding: .utf8) + "\n"
        }
        return text
    }

    /// `storm.local.dir` is `stormLocalDir`.
    private static func typedName(_ key: String) -> String {
        let parts = key.split { ".-_".contains($0) }.map(String.init)
        return parts[0] + parts.dropFirst().map { $0.prefix(1).uppercased() + String($0.dropFirst()) }.joined()
    }

    /// Runs of letters, digits and what else stands in keys and around them; by bytes, for the sources are long.
    private static func words(_ text: String) -> Set<String> {
        let others = Set("._-\"".utf8)
        let words = text.utf8.split { byte in
            !(97...122).contains(byte) && !(65...90).contains(byte) && !(48...57).contains(byte)
                && !others.contains(byte)
        }
        return Set(words.map { String(Substring($0)) })
    }

    @Test func everyKeyThatIsNotMarkedHasAUse() throws {
        let words = Self.words(try Self.sources())
        let members = Set(words.flatMap { word in word.split(separator: ".").map(String.init) })
        for row in ConfigKeys.all where row.standing == .used {
            let isUsed = members.contains(Self.typedName(row.name)) || words.contains("\"\(row.name)\"")
            #expect(isUsed, "\(row.name) has no use in Sources: mark the row with .without and a reason")
        }
    }
}
