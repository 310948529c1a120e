/// Finds what would make the YAML library work for ever.
///
/// It compares the keys of each map with each other, aliases written out; with nested aliases inside a collection that is a
/// key, that is more work than there is time. Such keys make no sense in a topology, so what looks like one is refused before
/// the text is parsed, if it has aliases at all.
enum AliasGuard {
    /// The first line, from 1, of a text with aliases that seems to have a collection or an alias as a key.
    static func refusedLine(_ text: String) -> Int? {
        var refused: Int?
        var hasAlias = false
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = LineScan(bytes: Array(line.utf8))
            hasAlias = hasAlias || line.hasAlias
            if refused == nil, line.hasOddKey { refused = index + 1 }
        }
        return hasAlias ? refused : nil
    }

    private struct LineScan {
        let bytes: [UInt8]

        private func byte(_ index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : UInt8(ascii: " ") }
        private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        private static func isName(_ byte: UInt8) -> Bool {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
        /// Whether a new token may begin after the byte.
        private static func isEdge(_ byte: UInt8) -> Bool { isBlank(byte) || "[{,-?:".utf8.contains(byte) }

        private func isAlias(_ index: Int) -> Bool {
            bytes[index] == UInt8(ascii: "*") && Self.isEdge(byte(index - 1)) && Self.isName(byte(index + 1))
        }

        var hasAlias: Bool { bytes.indices.contains(where: isAlias) }

        var hasOddKey: Bool {
            bytes.indices.contains { index in
                switch bytes[index] {
                case UInt8(ascii: "]"), UInt8(ascii: "}"): colonFollows(index + 1)
                case UInt8(ascii: "*") where isAlias(index):
                    colonFollows(bytes[(index + 1)...].firstIndex { !Self.isName($0) } ?? bytes.count)
                case UInt8(ascii: "?"): Self.isEdge(byte(index - 1)) && Self.isBlank(byte(index + 1))
                default: false
                }
            }
        }

        private func colonFollows(_ start: Int) -> Bool {
            guard start < bytes.count else { return false }
            return bytes[start...].first { !Self.isBlank($0) } == UInt8(ascii: ":")
        }
    }
}
