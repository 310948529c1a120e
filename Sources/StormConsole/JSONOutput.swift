import FoundationEssentials

/// What `--json` prints.
package enum JSONOutput {
    /// One document: names in order, over several lines, for people as well.
    package static func text(_ document: some Encodable) throws -> String {
        try text(document, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    /// One document on one line, for commands that print one after the other.
    package static func line(_ document: some Encodable) throws -> String {
        try text(document, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func text(_ document: some Encodable, _ form: JSONEncoder.OutputFormatting) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = form
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}
